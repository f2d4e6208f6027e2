import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { functionalNames, utteranceFunctionals } from './utterance-functionals.ts';

/** Half a second near silence, then a buzz of syllables that rises from one pitch to the other. */
function voice(fromHz: number, toHz: number, level: number): Int16Array {
  const random = new SeededRandom(1);
  let phase = 0;
  return Int16Array.from({ length: 40_000 }, (_, i) => {
    const swell = i < 8_000 ? 0 : 0.5 - 0.5 * Math.cos((2 * Math.PI * 3 * i) / 16_000);
    phase += (fromHz + ((toHz - fromHz) * i) / 40_000) / 16_000;
    return 5 * random.normal() + swell * level * ((phase % 1) - 0.5);
  });
}

const value = (row: Float64Array | null, name: string) => row![functionalNames.indexOf(name)];

describe('functionals of an utterance', () => {
  const low = utteranceFunctionals(voice(110, 110, 12_000));
  const rising = utteranceFunctionals(voice(150, 260, 6_000));

  it('have a name for every number, all of them finite', () => {
    expect(low).toHaveLength(functionalNames.length);
    expect(low!.every(Number.isFinite)).toBe(true);
    expect(new Set(functionalNames).size).toBe(functionalNames.length);
  });

  it('know pitch and where it goes', () => {
    expect(Math.exp(value(low, 'pitch: mean'))).toBeCloseTo(110, -1);
    expect(Math.abs(value(low, 'pitch: slope'))).toBeLessThan(0.03);
    expect(value(rising, 'pitch: slope')).toBeGreaterThan(0.1);
    expect(value(rising, 'pitch: mean')).toBeGreaterThan(value(low, 'pitch: mean'));
  });

  it('know level: half the amplitude is log 4 less energy', () => {
    const soft = utteranceFunctionals(voice(110, 110, 6_000));
    expect(value(low, 'energy: 90 %') - value(soft, 'energy: 90 %')).toBeCloseTo(Math.log(4), 1);
  });

  it('look at no more than the seconds of speech asked for', () => {
    const full = voice(110, 110, 12_000);
    const cut = full.slice(0, 24_000);
    expect(utteranceFunctionals(full, 0.5)).toEqual(utteranceFunctionals(cut, 0.5));
    expect(utteranceFunctionals(full, 0.5)).not.toEqual(utteranceFunctionals(full));
  });

  it('are absent without speech', () => {
    expect(utteranceFunctionals(new Int16Array(16_000))).toBeNull();
    expect(utteranceFunctionals(new Int16Array(10))).toBeNull();
  });
});
