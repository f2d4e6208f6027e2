import type { Join, RemoteSpeaker, Speaker } from '@undertone/wire';
import type { CallMedia, OpenCallMedia } from './call-media.ts';
import type { OwnConsent } from './join-address.ts';
import { type Problem, problems } from './problem.ts';
import { type Signalling, SignallingError } from './signalling.ts';

/** Someone else in the call; `voice` is null while they publish nothing or are not connected yet. */
export interface OtherSpeaker {
  speaker: Speaker;
  producerId: string | null;
  voice: MediaStream | null;
}

/** - `out`: not in a call; `problem` says why if it was not by choice. */
export type CallPhase = 'out' | 'joining' | 'in-call' | 'reconnecting';

/** Our own stay in a call, from joining to leaving, through lost connections. */
export class CallSession {
  readonly #signalling: Signalling;
  readonly #openMedia: OpenCallMedia;
  readonly #onChange: () => void;
  #phase: CallPhase = 'out';
  #problem: Problem | null = null;
  #self: Speaker | null = null;
  #muted = false;
  #others = new Map<string, OtherSpeaker>();
  #join: Join | null = null;
  #track: MediaStreamTrack | null = null;
  #media: CallMedia | null = null;
  /** Counts stays, so that what an earlier one still awaits can't touch a later one. */
  #stay = 0;

  constructor(signalling: Signalling, openMedia: OpenCallMedia, onChange: () => void) {
    this.#signalling = signalling;
    this.#openMedia = openMedia;
    this.#onChange = onChange;
    signalling.onConnected(() => void this.#enter());
    signalling.onDisconnected(() => this.#connectionLost());
    signalling.on('speaker-changed', (remote) => this.#speakerChanged(remote));
    signalling.on('speaker-left', ({ speakerId }) => {
      if (this.#others.delete(speakerId)) this.#onChange();
    });
    signalling.on('call-lost', () => {
      if (this.#join !== null) this.#beginAgain(problems.callLost);
    });
  }

  get phase(): CallPhase {
    return this.#phase;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Ourselves as the bridge sees us, the analysis decision included; null before the first join. */
  get self(): Speaker | null {
    return this.#self;
  }

  get muted(): boolean {
    return this.#muted;
  }

  get others(): readonly OtherSpeaker[] {
    return [...this.#others.values()];
  }

  /** Enters the call and stays in it until `leave` or a refusal; a call that the bridge has lost is entered again. */
  join(join: Join, track: MediaStreamTrack): void {
    this.#join = join;
    this.#track = track;
    this.#muted = false;
    this.#problem = null;
    this.#phase = 'joining';
    this.#onChange();
    this.#signalling.connect();
  }

  leave(): void {
    this.#fallOut(null);
  }

  async setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    this.#media?.setMuted(muted); // first of all nothing is sent
    this.#onChange();
    await this.#update(this.#signalling.ask('set-muted', { muted }));
  }

  /** @param consent `denied` counts as withdrawal when consent had been granted */
  async setConsent(consent: OwnConsent): Promise<void> {
    if (this.#join === null) return;
    const withdrawn = consent === 'denied' && this.#join.consent === 'granted';
    const next = withdrawn ? 'withdrawn' : consent;
    // Remembered first: whatever happens to the connection, a later join asks for no more than this.
    this.#join = { ...this.#join, consent: next };
    await this.#update(this.#signalling.ask('set-consent', { consent: next }));
  }

  async useMicrophone(track: MediaStreamTrack): Promise<void> {
    this.#track = track;
    await this.#media?.replaceMicrophone(track);
  }

  async #enter(): Promise<void> {
    if (this.#join === null || this.#track === null) return;
    const stay = ++this.#stay;
    try {
      const joined = await this.#signalling.ask('join', this.#join);
      const media = await this.#openMedia(this.#signalling, joined.routerRtpCapabilities, () =>
        this.#mediaFailed(),
      );
      if (stay !== this.#stay) return media.close();
      this.#media = media;
      this.#self = joined.speaker;
      this.#others = new Map();
      for (const remote of joined.others) this.#speakerChanged(remote);
      media.setMuted(this.#muted);
      await media.speak(this.#track);
      if (stay !== this.#stay) return;
      if (this.#muted) this.#self = await this.#signalling.ask('set-muted', { muted: true });
      this.#phase = 'in-call';
      this.#problem = null;
      this.#onChange();
    } catch (error) {
      if (stay === this.#stay) this.#entryFailed(error);
    }
  }

  #entryFailed(error: unknown): void {
    if (!this.#signalling.connected) return; // the reconnection tries again
    if (error instanceof SignallingError && error.code !== 'no-reply')
      this.#fallOut({ code: error.code, sentence: 'You can’t join this call now.', advice: error.message });
    else if (error instanceof Error && error.name === 'UnsupportedError') this.#fallOut(problems.unsupported);
    else this.#fallOut(problems.serverSilent);
  }

  #connectionLost(): void {
    if (this.#join === null) return;
    this.#closeMedia();
    if (this.#phase === 'in-call') this.#phase = 'reconnecting';
    this.#problem = problems.serverSilent;
    this.#onChange();
  }

  /** ICE gave up. */
  #mediaFailed(): void {
    if (this.#phase === 'joining') this.#fallOut(problems.mediaUnreachable);
    else this.#beginAgain(problems.mediaUnreachable);
  }

  #beginAgain(problem: Problem): void {
    this.#signalling.disconnect();
    this.#closeMedia();
    this.#phase = 'reconnecting';
    this.#problem = problem;
    this.#onChange();
    this.#signalling.connect();
  }

  #fallOut(problem: Problem | null): void {
    this.#join = null;
    this.#closeMedia();
    this.#phase = 'out';
    this.#problem = problem;
    this.#self = null;
    this.#signalling.disconnect();
    this.#onChange();
  }

  #closeMedia(): void {
    this.#stay++;
    this.#media?.close();
    this.#media = null;
    this.#others = new Map();
  }

  #speakerChanged({ speaker, producerId }: RemoteSpeaker): void {
    if (speaker.id === this.#self?.id) {
      this.#self = speaker;
      this.#onChange();
      return;
    }
    const known = this.#others.get(speaker.id);
    const same = known !== undefined && known.producerId === producerId;
    this.#others.set(speaker.id, { speaker, producerId, voice: same ? known.voice : null });
    if (!same && producerId !== null) void this.#listen(speaker.id, producerId);
    this.#onChange();
  }

  async #listen(speakerId: string, producerId: string): Promise<void> {
    const stay = this.#stay;
    try {
      const voice = await this.#media?.listen(producerId);
      const other = this.#others.get(speakerId);
      if (stay !== this.#stay || voice === undefined || other?.producerId !== producerId) return;
      this.#others.set(speakerId, { ...other, voice });
      this.#onChange();
    } catch {
      // They left or stopped publishing meanwhile; the bridge tells so with the next event.
    }
  }

  async #update(asked: Promise<Speaker>): Promise<void> {
    const stay = this.#stay;
    try {
      const speaker = await asked;
      if (stay === this.#stay) this.#self = speaker;
      this.#onChange();
    } catch {
      // The bridge must not go on with an outdated choice: drop the connection, and join again with the new one.
      if (stay === this.#stay && this.#phase === 'in-call') this.#beginAgain(problems.serverSilent);
    }
  }
}
