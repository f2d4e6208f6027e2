const packetSamples = 320;
/** Packets this far below the loudest are pauses, and don't count for the level of the speech. */
const activeRangeDb = 30;

/** Mean power of the 20 ms packets with speech in them, in the square of the samples' unit; 0 for silence. */
export function speechPower(samples: Float32Array): number {
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += packetSamples) {
    const end = Math.min(samples.length, at + packetSamples);
    let sum = 0;
    for (let i = at; i < end; i++) sum += samples[i] * samples[i];
    powers.push(sum / (end - at));
  }
  const quietest =
    powers.reduce((loudest, power) => Math.max(loudest, power), 0) / 10 ** (activeRangeDb / 10);
  let sum = 0;
  let active = 0;
  for (const power of powers) {
    if (power < quietest) continue;
    sum += power;
    active++;
  }
  return sum / Math.max(1, active);
}
