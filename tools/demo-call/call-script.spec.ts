import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCallScript, readCallScript } from './call-script.ts';

const folder = fileURLToPath(new URL('../../test/fixtures/demo-call', import.meta.url));
const script = {
  title: 'A call',
  speakers: [{ id: 'a', name: 'A', role: 'customer' }],
  closingPauseMs: 0,
  phases: [
    {
      phase: 'start',
      turns: [{ speaker: 'a', clip: 'x.flac', pauseMs: 0, expression: 'happy', sentence: '' }],
    },
  ],
};

describe('the script of the demo call', () => {
  it('lets a customer and an agent take turns from a calm start to a happy end', async () => {
    const { speakers, phases } = await readCallScript(folder);
    expect(speakers.map(({ role }) => role)).toEqual(['customer', 'agent']);
    const turns = phases.flatMap((phase) => phase.turns);
    expect(new Set(turns.map(({ expression }) => expression))).toEqual(
      new Set(['neutral', 'angry', 'sad', 'happy']),
    );
    expect(turns[0].expression).toBe('neutral');
    expect(turns.at(-1)!.expression).toBe('happy');
  });

  it('is refused with the name of a speaker that it does not have', () => {
    const wrong = structuredClone(script);
    wrong.phases[0].turns[0].speaker = 'b';
    expect(() => parseCallScript(JSON.stringify(wrong))).toThrow('unknown "b"');
  });

  it('is refused when a clip lies outside its folder', () => {
    const wrong = structuredClone(script);
    wrong.phases[0].turns[0].clip = '../x.flac';
    expect(() => parseCallScript(JSON.stringify(wrong))).toThrow('beside the script');
  });
});
