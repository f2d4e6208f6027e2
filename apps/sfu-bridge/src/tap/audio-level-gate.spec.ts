import { describe, expect, it } from 'vitest';
import { unknownLevel } from '../rtp/audio-level.ts';
import { AudioLevelGate } from './audio-level-gate.ts';

const voice = 0x80;

/** Whether the gate is closed for each of `count` packets of 20 ms. */
const pass = (gate: AudioLevelGate, levelByte: number, count: number): boolean[] =>
  Array.from({ length: count }, () => gate.pass(levelByte, 20));

describe('AudioLevelGate', () => {
  it('closes after 300 ms of silence and opens with the first packet that is not silent', () => {
    const gate = new AudioLevelGate();
    expect(pass(gate, 90, 15)).toEqual([...new Array(14).fill(false), true]);
    expect(pass(gate, 30, 1)).toEqual([false]);
    expect(pass(gate, 90, 14)).toEqual(new Array(14).fill(false));
  });

  it('needs a higher level to open than to stay open', () => {
    const gate = new AudioLevelGate();
    expect(pass(gate, 58, 50)).toEqual(new Array(50).fill(false));
    pass(gate, 70, 20);
    expect(pass(gate, 58, 50)).toEqual(new Array(50).fill(true));
    expect(pass(gate, 55, 1)).toEqual([false]);
  });

  it('believes a voice bit over a low level, but not over digital silence', () => {
    const gate = new AudioLevelGate();
    expect(pass(gate, voice | 100, 50)).toEqual(new Array(50).fill(false));
    expect(pass(gate, voice | 127, 50).at(-1)).toBe(true);
  });

  it('never closes where packets carry no level', () => {
    expect(pass(new AudioLevelGate(), unknownLevel, 100)).toEqual(new Array(100).fill(false));
  });
});
