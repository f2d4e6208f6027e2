import { type PcmFrame, pcmSampleRateHz } from '@undertone/wire';

const samplesPerMs = pcmSampleRateHz / 1_000;
/** A hole longer than this says nothing more about how well a stream arrives. */
const maxLostSamples = pcmSampleRateHz;

/** Follows the frames of one stream: which are new, and how much is missing between them. */
export class FrameOrder {
  /** Frames that never came before the one accepted last. */
  missingFrames = 0;
  /** Samples that were lost before the frame accepted last, by its capture time. */
  lostSamples = 0;
  #sequence: number | null = null;
  /** Capture time of the end of the frame accepted last; NaN before the first. */
  #nextCaptureMs = Number.NaN;

  /** Whether `frame` is new; late and repeated ones are not. Sequence numbers wrap at 2³². */
  accept({ sequence, captureMs, sampleCount, discontinuity }: PcmFrame): boolean {
    this.missingFrames = 0;
    this.lostSamples = 0;
    let follows = false;
    if (this.#sequence !== null) {
      const ahead = (sequence - this.#sequence) >>> 0;
      if (ahead === 0 || ahead >= 0x8000_0000) return false;
      this.missingFrames = ahead - 1;
      follows = ahead === 1 && !discontinuity;
    }
    if (!follows && !Number.isNaN(this.#nextCaptureMs)) {
      const lost = (captureMs - this.#nextCaptureMs) * samplesPerMs;
      this.lostSamples = Math.max(0, Math.min(lost, maxLostSamples));
    }
    this.#sequence = sequence;
    this.#nextCaptureMs = captureMs + sampleCount / samplesPerMs;
    return true;
  }

  /** Another stream follows, with a sequence of its own; what its first frame leaves out by capture time is lost. */
  restart(): void {
    this.#sequence = null;
  }
}
