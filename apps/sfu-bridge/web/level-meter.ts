import { css, html, LitElement, type PropertyValues } from 'lit';
import { measureLevelDb, meterFraction } from './voice-level.ts';

/** How fast the bar falls, so that the eye can follow: a full bar in 0.6 s. */
const fallPerMs = 1 / 600;
const announceEveryMs = 1_000;

let audioContext: AudioContext | null = null;

/** One AudioContext for the page. Browsers hold it until the person has touched the page. */
function sharedAudioContext(): AudioContext {
  if (audioContext === null) {
    audioContext = new AudioContext();
    for (const touch of ['pointerdown', 'keydown'])
      addEventListener(touch, () => void audioContext?.resume(), { capture: true });
  }
  void audioContext.resume();
  return audioContext;
}

/** How loud a voice is right now: one draw per animation frame, never through Lit's rendering. */
class LevelMeter extends LitElement {
  static override properties = { stream: { attribute: false }, label: {} };
  declare stream: MediaStream | null;
  declare label: string;

  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  readonly #samples = new Float32Array(1_024);
  #shown = 0;
  #drawnMs = 0;
  #announcedMs = 0;
  #frame = 0;

  constructor() {
    super();
    this.stream = null;
    this.label = 'Level';
  }

  static override styles = css`
    :host {
      display: block;
    }
    div {
      height: 0.5rem;
      border-radius: var(--ut-radius-sm);
      background: var(--ut-surface-sunken);
      box-shadow: inset 0 0 0 1px var(--ut-rule-strong);
      overflow: hidden;
    }
    span {
      display: block;
      height: 100%;
      background: var(--ut-ink);
      transform: scaleX(0);
      transform-origin: left;
    }
  `;

  override render() {
    return html`<div role="meter" aria-label=${this.label} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0">
      <span></span>
    </div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('stream')) this.#connect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#disconnect();
  }

  #connect(): void {
    this.#disconnect();
    this.#draw(0);
    if (this.stream === null || this.stream.getAudioTracks().length === 0) return;
    const context = sharedAudioContext();
    this.#source = context.createMediaStreamSource(this.stream);
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#source.connect(this.#analyser);
    this.#frame = requestAnimationFrame(this.#measure);
  }

  #disconnect(): void {
    cancelAnimationFrame(this.#frame);
    this.#source?.disconnect();
    this.#source = null;
    this.#analyser = null;
  }

  readonly #measure = (nowMs: number): void => {
    if (this.#analyser === null) return;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const heard = meterFraction(measureLevelDb(this.#samples));
    this.#draw(Math.max(heard, this.#shown - (nowMs - this.#drawnMs) * fallPerMs));
    this.#drawnMs = nowMs;
    if (nowMs - this.#announcedMs > announceEveryMs) {
      this.#announcedMs = nowMs;
      this.renderRoot
        .querySelector('div')
        ?.setAttribute('aria-valuenow', String(Math.round(100 * this.#shown)));
    }
    this.#frame = requestAnimationFrame(this.#measure);
  };

  #draw(fraction: number): void {
    this.#shown = fraction;
    const bar = this.renderRoot.querySelector('span');
    if (bar !== null) bar.style.transform = `scaleX(${fraction})`;
  }
}

customElements.define('ut-level-meter', LevelMeter);
