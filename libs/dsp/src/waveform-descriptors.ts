/**
 * What the samples of one window say without a spectrum, the window taken as it is: no mean removal, no pre-emphasis.
 * Read the fields after `push`, which allocates nothing.
 */
export class WaveformDescriptors {
  /** Short-time energy: ln(1 + mean square) of 16-bit samples. Twice the log RMS; digital silence is 0. */
  energy = 0;
  /** Peak amplitude: ln(max |sample|) of 16-bit samples; 0 when no sample exceeds 1. */
  peak = 0;
  /** Zero-crossing rate: changes of sign over samples, 0…1; 0 counts as positive. */
  zeroCrossings = 0;

  /** Takes the window's samples. */
  push(window: Int16Array): void {
    const count = window.length;
    let power = 1;
    let peak = 1;
    let crossings = 0;
    let wasNegative = count > 0 && window[0] < 0;
    for (let i = 0; i < count; i++) {
      const sample = window[i];
      const isNegative = sample < 0;
      power += (sample * sample) / count;
      peak = Math.max(peak, Math.abs(sample));
      if (isNegative !== wasNegative) crossings++;
      wasNegative = isNegative;
    }
    this.energy = Math.log(power);
    this.peak = Math.log(peak);
    this.zeroCrossings = crossings / count;
  }
}
