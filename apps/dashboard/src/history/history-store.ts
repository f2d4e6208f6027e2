import type {
  Alert,
  AlertPage,
  CallRecord,
  CallRecordPage,
  CallReport,
  EmotionPoint,
  PointPage,
  Speaker,
  WebhookDelivery,
} from '@undertone/wire';
import type { PackedPoints } from './point-columns.ts';

/** Injection token of the store. */
export const HISTORY_STORE = Symbol('history store');

/** A change that the history takes over, in the order in which it happened. */
export type HistoryChange =
  | { change: 'call'; recordId: string; callId: string; startedAtMs: number; endedAtMs: number | null }
  | { change: 'speaker'; recordId: string; speaker: Speaker; leftAtMs: number | null }
  /** Withdrawn consent: every judgement of this speaker's voice goes, and every alert that it had a part in. */
  | { change: 'forget-speaker'; recordId: string; speakerId: string }
  /** The alert is new or changed. */
  | { change: 'alert'; alert: Alert }
  /** The delivery waits, or is dead. */
  | { change: 'delivery'; delivery: WebhookDelivery }
  | { change: 'delivery-done'; deliveryId: string };

/** What is written in one transaction: first the changes, then the points. */
export interface HistoryBatch {
  changes: HistoryChange[];
  /** Whose the points are: `owner` of a point is a place in this list. */
  owners: { recordId: string; speakerId: string }[];
  points: PackedPoints;
}

export interface CallQuery {
  /** Only calls of this identifier. */
  callId?: string | undefined;
  /** Part of a call's identifier or of a speaker's name, whatever its case. */
  text?: string | undefined;
  startedFromMs?: number | undefined;
  startedBeforeMs?: number | undefined;
  limit: number;
  /** `next` of the part before. */
  cursor?: string | undefined;
}

export interface AlertQuery {
  recordId?: string | undefined;
  /** Only those that nobody acknowledged. */
  open: boolean;
  limit: number;
  /** `next` of the part before. */
  cursor?: string | undefined;
}

export interface PointQuery {
  recordId: string;
  speakerId: string;
  /** Points after this moment; what `next` of the part before said. */
  afterMs?: number | undefined;
  /** Points up to this moment. */
  untilMs?: number | undefined;
  /** Length of the steps over which points are averaged; all points if absent. */
  stepMs?: number | undefined;
  limit: number;
}

/** A call that went on lately, with what a viewer of it should see. */
export interface RecentCall {
  record: CallRecord;
  /** By speaker, oldest first. */
  points: { speakerId: string; points: EmotionPoint[] }[];
}

/** What was removed for its age; `done` is false if there is more. */
export interface PurgeReport {
  calls: number;
  points: number;
  done: boolean;
}

/**
 * Where calls and points are kept. Every promise rejects with an `Error` that says what failed; nothing is half done
 * then. A value that was answered is on disk, and outlives the process and the machine's power.
 */
export interface HistoryStore {
  /** Resolves when the batch is kept. Writing the same batch again changes nothing. */
  write(batch: HistoryBatch): Promise<void>;
  /** Most recently started first. @throws HistoryError `cursor-malformed` */
  calls(query: CallQuery): Promise<CallRecordPage>;
  call(recordId: string): Promise<CallRecord | null>;
  points(query: PointQuery): Promise<PointPage>;
  /** The newest first. @throws HistoryError `cursor-malformed` */
  alerts(query: AlertQuery): Promise<AlertPage>;
  alert(alertId: string): Promise<Alert | null>;
  /** The oldest first. */
  deliveries(dead: boolean, limit: number): Promise<WebhookDelivery[]>;
  delivery(deliveryId: string): Promise<WebhookDelivery | null>;
  /** null if there is no such call. */
  report(recordId: string): Promise<CallReport | null>;
  /**
   * What a restart needs: calls that are open, or ended at `endedSinceMs` or later, the most recently started first.
   * Open calls in which nothing happened since `activeSinceMs` are ended at the moment when something last did.
   */
  recentRecords(activeSinceMs: number, endedSinceMs: number): Promise<string[]>;
  /** One of these with its points since `pointsSinceMs`; null if it is gone by now. */
  recentCall(recordId: string, pointsSinceMs: number): Promise<RecentCall | null>;
  /** Removes calls that ended before `endedBeforeMs`, at most about `maxPoints` points of them. */
  purge(endedBeforeMs: number, maxPoints: number): Promise<PurgeReport>;
  /** Bytes on disk. */
  size(): Promise<number>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** A request that the history can't answer, with a stable code. */
export class HistoryError extends Error {
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string) {
    super(message);
    this.name = 'HistoryError';
    this.code = code;
  }
}
export type HistoryErrorCode =
  | 'cursor-malformed'
  | 'history-busy'
  | 'history-failed'
  | 'history-closed'
  | 'history-timeout';
