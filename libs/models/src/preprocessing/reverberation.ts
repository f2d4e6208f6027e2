import type { SeededRandom } from '../seeded-random.ts';
import { convolve } from './convolve.ts';

/** A room as a microphone hears it. */
export interface Room {
  /** Time in which the reverberation falls by 60 dB. */
  rt60Seconds: number;
  /** Energy of the direct sound above that of everything reflected. */
  directToReverberantDb: number;
}

/** Between the direct sound and the first reflection. */
const firstReflectionMs: [number, number] = [2, 12];
/** Walls and air swallow high frequencies: first-order low-pass filter on the reflections. */
const dampingHz: [number, number] = [2_000, 7_000];

/**
 * A synthetic room impulse response: the direct sound, then white noise with an exponentially decaying envelope (Polack
 * 1988's statistical model of reverberation, as in Lebart, Boucher & Denbigh 2001), damped at high frequencies.
 * Its first sample is the direct sound, 1; its length is `rt60Seconds`.
 */
export function roomResponse(
  { rt60Seconds, directToReverberantDb }: Room,
  sampleRateHz: number,
  random: SeededRandom,
): Float32Array {
  const response = new Float32Array(Math.ceil(rt60Seconds * sampleRateHz));
  const decay = Math.log(1_000) / (rt60Seconds * sampleRateHz);
  const keep = Math.exp((-2 * Math.PI * random.between(...dampingHz)) / sampleRateHz);
  let reflected = 0;
  let energy = 0;
  const first = Math.round((random.between(...firstReflectionMs) * sampleRateHz) / 1_000);
  for (let i = first; i < response.length; i++) {
    reflected = keep * reflected + (1 - keep) * random.normal();
    response[i] = reflected * Math.exp(-decay * i);
    energy += response[i] ** 2;
  }
  const gain = energy > 0 ? Math.sqrt(10 ** (-directToReverberantDb / 10) / energy) : 0;
  for (let i = first; i < response.length; i++) response[i] *= gain;
  response[0] = 1;
  return response;
}

/** `samples` as heard in the room. */
export function inRoom(
  samples: Float32Array,
  room: Room,
  sampleRateHz: number,
  random: SeededRandom,
): Float32Array {
  return convolve(samples, roomResponse(room, sampleRateHz, random));
}
