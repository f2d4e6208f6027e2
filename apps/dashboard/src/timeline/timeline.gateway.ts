import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import {
  type Alert,
  type CallSnapshot,
  type CallSummary,
  type Reply,
  type TimelineErrorCode,
  watchCallSchema,
} from '@undertone/wire';
import { AlertDesk } from '../alerts/alert-desk.ts';
import { LiveCalls } from '../calls/live-calls.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { AnalyzerIngest } from '../ingest/analyzer-ingest.ts';
import { TokenBucket } from '../token-bucket.ts';
import { AlertBroadcast } from './alert-broadcast.ts';
import { TimelineBroadcast } from './timeline-broadcast.ts';
import { callRoom, type TimelineNamespace, type Viewer } from './timeline-namespace.ts';

const requestsPerSecond = 10;
const requestBurst = 40;
const maxWatchedCalls = 64;

/** The socket.io namespace `/timeline`: what browsers ask for. What they are told later is `TimelineBroadcast`'s. */
@WebSocketGateway({ namespace: '/timeline' })
export class TimelineGateway implements OnGatewayInit, OnGatewayConnection {
  readonly #calls: LiveCalls;
  readonly #ingest: AnalyzerIngest;
  readonly #broadcast: TimelineBroadcast;
  readonly #desk: AlertDesk;
  readonly #alerts: AlertBroadcast;
  readonly #clock: Clock;

  constructor(
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(AnalyzerIngest) ingest: AnalyzerIngest,
    @Inject(TimelineBroadcast) broadcast: TimelineBroadcast,
    @Inject(AlertDesk) desk: AlertDesk,
    @Inject(AlertBroadcast) alerts: AlertBroadcast,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#calls = calls;
    this.#ingest = ingest;
    this.#broadcast = broadcast;
    this.#desk = desk;
    this.#alerts = alerts;
    this.#clock = clock;
  }

  afterInit(namespace: TimelineNamespace): void {
    this.#broadcast.attach(namespace);
    this.#alerts.attach(namespace);
    this.#ingest.onLink = (connected) => this.#broadcast.announceLink(connected);
  }

  handleConnection(viewer: Viewer): void {
    viewer.data.requests = new TokenBucket(this.#clock, requestsPerSecond, requestBurst);
    viewer.data.wallVersion = null;
    viewer.data.alertVersion = null;
    viewer.data.watchedCalls = new Set();
    viewer.data.busyFlushes = 0;
    viewer.emit('analysis-link', { connected: this.#ingest.connected });
  }

  @SubscribeMessage('watch-calls')
  watchCalls(@ConnectedSocket() viewer: Viewer): Reply<CallSummary[], TimelineErrorCode> {
    const refusal = this.#refusal(viewer);
    if (refusal) return refusal;
    viewer.data.wallVersion = this.#calls.version;
    return { ok: true, value: this.#calls.live().map((call) => call.summary(-1)) };
  }

  @SubscribeMessage('watch-alerts')
  watchAlerts(@ConnectedSocket() viewer: Viewer): Reply<Alert[], TimelineErrorCode> {
    const refusal = this.#refusal(viewer);
    if (refusal) return refusal;
    viewer.data.alertVersion = this.#desk.version;
    return { ok: true, value: this.#desk.alerts };
  }

  @SubscribeMessage('watch-call')
  watchCall(
    @ConnectedSocket() viewer: Viewer,
    @MessageBody() request: unknown,
  ): Reply<CallSnapshot, TimelineErrorCode> {
    const refusal = this.#refusal(viewer);
    if (refusal) return refusal;
    const parsed = watchCallSchema.safeParse(request);
    if (!parsed.success) return failure('request-malformed', 'send { callId }');
    const { callId } = parsed.data;
    const call = this.#calls.find(callId);
    if (!call) return failure('call-not-found', `no call ${callId}: it ended some time ago or never began`);
    const { watchedCalls } = viewer.data;
    if (!watchedCalls.has(callId) && watchedCalls.size >= maxWatchedCalls)
      return this.#tooManyRequests(`watch at most ${maxWatchedCalls} calls; unwatch one first`);
    this.#broadcast.flushCall(call);
    watchedCalls.add(callId);
    viewer.join(callRoom(callId));
    this.#broadcast.counts.snapshots++;
    return { ok: true, value: call.snapshot() };
  }

  @SubscribeMessage('unwatch-call')
  unwatchCall(@ConnectedSocket() viewer: Viewer, @MessageBody() request: unknown): void {
    const parsed = watchCallSchema.safeParse(request);
    if (!parsed.success) return;
    viewer.data.watchedCalls.delete(parsed.data.callId);
    viewer.leave(callRoom(parsed.data.callId));
  }

  /** Snapshots are large: who asks too often, or has not read the last ones, waits. */
  #refusal(viewer: Viewer): Reply<never, TimelineErrorCode> | null {
    if (viewer.data.requests.take() && !this.#broadcast.isBehind(viewer)) return null;
    return this.#tooManyRequests('ask again in a second');
  }

  #tooManyRequests(message: string): Reply<never, TimelineErrorCode> {
    this.#broadcast.refusals['too-many-requests']++;
    return failure('too-many-requests', message);
  }
}

const failure = (code: TimelineErrorCode, message: string): Reply<never, TimelineErrorCode> => ({
  ok: false,
  error: { code, message },
});
