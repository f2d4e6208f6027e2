import { pcmSampleRateHz } from '@undertone/wire';
import { type FrameRing, frameSamples } from './frame-ring.ts';

/** At most this much silence goes into one frame: 100 ms. */
export const silenceFrameSamples = 1_600;

/**
 * One speaker's audio as a continuous line in capture time, cut into frames.
 * Whatever decodes the audio (Opus from RTP, telephony, a recording) writes here; nothing before this knows of frames.
 */
export class SpeechTrack {
  #ring: FrameRing;
  #onFrame: () => void;
  #open = new Int16Array(frameSamples);
  #openSamples = 0;
  #openConcealed = 0;
  #openCaptureMs = 0;
  #nextCaptureMs: number;
  #discontinuity: boolean;

  /** Goes on after what `ring` has had before: what lies between is lost. `onFrame` is called when a frame is ready in `ring`. */
  constructor(ring: FrameRing, startMs: number, onFrame: () => void) {
    this.#ring = ring;
    this.#discontinuity = ring.begun;
    this.#nextCaptureMs = startMs;
    this.#onFrame = onFrame;
  }

  /** Capture time of the sample that comes next: the end of what was written. */
  get nextCaptureMs(): number {
    return this.#nextCaptureMs;
  }

  /** Samples that wait for their frame to be full. */
  get openSamples(): number {
    return this.#openSamples;
  }

  /** Appends `samples[from … to)`, mono 16 kHz. `concealed`: they were made up. */
  writeSpeech(samples: Int16Array, from: number, to: number, concealed: boolean): void {
    for (let at = from; at < to; ) {
      if (this.#openSamples === 0) this.#openCaptureMs = this.#nextCaptureMs;
      const count = Math.min(to - at, frameSamples - this.#openSamples);
      for (let i = 0; i < count; i++) this.#open[this.#openSamples + i] = samples[at + i];
      at += count;
      this.#openSamples += count;
      if (concealed) this.#openConcealed += count;
      this.#advance(count);
      if (this.#openSamples === frameSamples) this.flush();
    }
  }

  /** Appends digital silence: DTX, pause, mute. */
  writeSilence(sampleCount: number): void {
    this.flush();
    for (let left = sampleCount; left > 0; ) {
      const count = Math.min(left, silenceFrameSamples);
      this.#push(null, count, this.#nextCaptureMs, 0);
      this.#advance(count);
      left -= count;
    }
  }

  /** Leaves out audio that is lost: what is written next was captured at `captureMs`. */
  skipTo(captureMs: number): void {
    this.flush();
    this.#nextCaptureMs = captureMs;
    this.#discontinuity = true;
  }

  /** Moves the capture time of what comes next a little, because the line's clock was a little off. */
  slew(byMs: number): void {
    this.#nextCaptureMs += byMs;
  }

  /** Gives out the frame that is not full yet. */
  flush(): void {
    if (this.#openSamples === 0) return;
    this.#push(this.#open, this.#openSamples, this.#openCaptureMs, this.#openConcealed);
    this.#openSamples = 0;
    this.#openConcealed = 0;
  }

  #push(samples: Int16Array | null, count: number, captureMs: number, concealed: number): void {
    this.#ring.push(samples, count, captureMs, concealed, this.#discontinuity);
    this.#discontinuity = false;
    this.#onFrame();
  }

  #advance(sampleCount: number): void {
    this.#nextCaptureMs += (sampleCount / pcmSampleRateHz) * 1000;
  }
}
