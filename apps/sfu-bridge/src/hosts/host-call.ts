import type { AnalysisDecision, PipedRtp, PipeEndpoint, RemoteSpeaker, TapReply } from '@undertone/wire';
import type { types } from 'mediasoup';
import type { Call, CallWatcher, NewSpeaker } from '../calls/call.ts';
import type { CallSpeaker } from '../calls/call-speaker.ts';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import { HostError } from './host-error.ts';
import { HostPipe, type PipeListen } from './host-pipe.ts';
import type { OrphanSpeakers } from './orphan-speakers.ts';

/** What the parts of all hosts share. */
export interface HostTools {
  calls: LiveCalls;
  orphans: OrphanSpeakers;
  listen: PipeListen;
  clock: Clock;
}

interface HostSpeaker {
  speaker: CallSpeaker;
  producer: types.Producer | null;
  /** As the host was last told. */
  decision: AnalysisDecision;
}

export type HostSpeakerDetails = Required<NewSpeaker> & { id: string; muted: boolean };

/**
 * One host's part in one call: its speakers, and the pipe through which their RTP comes. Its methods are called one after
 * the other; what another part of the bridge does meanwhile is looked at after every wait.
 */
export class HostCall implements CallWatcher {
  /** Not a speaker itself: it is told of all of them. */
  readonly speakerId = '';
  readonly #id: string;
  readonly #tools: HostTools;
  readonly #tell: (message: TapReply) => void;
  readonly #speakers = new Map<string, HostSpeaker>();
  #call: Call | null = null;
  #pipe: HostPipe | null = null;
  #connected = true;

  constructor(id: string, tools: HostTools, tell: (message: TapReply) => void) {
    this.#id = id;
    this.#tools = tools;
    this.#tell = tell;
  }

  get size(): number {
    return this.#speakers.size;
  }

  /**
   * Adds the speaker, goes on with an orphan of that id, or changes the one there is.
   * @throws CallError `call-full`, `speaker-exists`, `media-unavailable`; HostError `media-unavailable`
   */
  async set(details: HostSpeakerDetails): Promise<{ decision: AnalysisDecision }> {
    const { id, name, role, consent, muted } = details;
    let host = this.#speakers.get(id);
    if (!host) {
      const { call, speaker } =
        this.#tools.orphans.claim(this.#id, id) ?? (await this.#tools.calls.join(this.#id, details));
      if (call.closed) throw new HostError('media-unavailable', 'the call was lost; try again in a moment');
      if (this.#call !== call) {
        this.#call = call;
        call.watch(this);
      }
      host = { speaker, producer: null, decision: speaker.speaker.decision };
      this.#speakers.set(id, host);
    }
    await host.speaker.revise({ name, role, consent });
    host.decision = host.speaker.speaker.decision;
    await host.speaker.setMuted(muted);
    return { decision: host.decision };
  }

  /** @throws HostError `speaker-not-found`, `pipe-failed` */
  async openPipe(remote: PipeEndpoint): Promise<{ endpoint: PipeEndpoint }> {
    const call = this.#call;
    if (!call) throw new HostError('speaker-not-found', 'announce a speaker of this call first');
    this.#closePipe();
    const pipe = await HostPipe.open(call.router, remote, this.#tools.listen).catch((error: unknown) => {
      throw new HostError(
        'pipe-failed',
        `no pipe could be opened (${messageOf(error)}); try again in a moment`,
      );
    });
    if (this.#call !== call || !this.#connected) {
      pipe.close();
      throw new HostError('pipe-failed', 'the call was lost meanwhile; announce its speakers again');
    }
    this.#pipe = pipe;
    return { endpoint: pipe.endpoint };
  }

  /** @throws HostError `pipe-not-open` */
  async checkPipe(): Promise<{ rtpBytesReceived: number }> {
    if (!this.#pipe) throw new HostError('pipe-not-open', 'open a pipe for this call first');
    return { rtpBytesReceived: await this.#pipe.rtpBytesReceived() };
  }

  /** @throws HostError `speaker-not-found`, `speaker-not-analysed`, `pipe-not-open`, `producer-rejected` */
  async produce(speakerId: string, rtp: PipedRtp): Promise<null> {
    const host = this.#find(speakerId);
    this.#stop(host);
    if (!this.#pipe) throw new HostError('pipe-not-open', 'open a pipe for this call first');
    if (!host.decision.analysed)
      throw new HostError('speaker-not-analysed', 'the bridge takes no RTP of whom it may not analyse');
    const producer = await this.#pipe.produce(rtp, host.speaker.speaker.muted).catch((error: unknown) => {
      throw new HostError('producer-rejected', messageOf(error));
    });
    if (this.#speakers.get(speakerId) === host && host.decision.analysed) {
      host.producer = producer;
      host.speaker.publish(producer);
    } else producer.close();
    return null;
  }

  /** @throws HostError `speaker-not-found` */
  stopProducing(speakerId: string): null {
    this.#stop(this.#find(speakerId));
    return null;
  }

  /** Idempotent: who is not there has left. */
  remove(speakerId: string): null {
    const host = this.#speakers.get(speakerId);
    if (!host) return null;
    this.#speakers.delete(speakerId);
    const call = this.#call!;
    if (this.#speakers.size === 0) this.#part();
    call.remove(host.speaker);
    return null;
  }

  /** The host has left for good. */
  removeAll(): void {
    for (const id of this.#speakers.keys()) this.remove(id);
  }

  /** The host can't be heard any more: from now on nothing of it is taken, whatever still arrives. */
  disconnect(): void {
    this.#connected = false;
    for (const host of this.#speakers.values()) this.#stop(host);
    this.#closePipe();
  }

  /** Leaves the speakers to a host that may come back. */
  orphanAll(): void {
    this.disconnect();
    const call = this.#call;
    const speakers = [...this.#speakers.values()];
    this.#speakers.clear();
    this.#part();
    for (const { speaker } of speakers) this.#tools.orphans.keep(call!, speaker, this.#tools.clock());
  }

  speakerChanged({ speaker }: RemoteSpeaker): void {
    const host = this.#speakers.get(speaker.id);
    if (!host || host.speaker.speaker !== speaker || host.decision === speaker.decision) return;
    host.decision = speaker.decision;
    if (!speaker.decision.analysed) this.#stop(host);
    this.#tell({ type: 'decision', callId: this.#id, speakerId: speaker.id, decision: speaker.decision });
  }

  speakerLeft(): void {}

  callLost(): void {
    this.#speakers.clear();
    this.#part();
    this.#tell({ type: 'call-lost', callId: this.#id });
  }

  #find(speakerId: string): HostSpeaker {
    const host = this.#speakers.get(speakerId);
    if (!host) throw new HostError('speaker-not-found', 'announce the speaker first');
    return host;
  }

  #stop(host: HostSpeaker): void {
    host.producer?.close();
    host.producer = null;
  }

  #part(): void {
    this.#closePipe();
    this.#call?.unwatch(this);
    this.#call = null;
  }

  #closePipe(): void {
    this.#pipe?.close();
    this.#pipe = null;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
