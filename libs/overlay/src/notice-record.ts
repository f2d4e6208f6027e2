/** What is known of one call's notice in this page. */
export interface CallNotice {
  /** Whether a person had the chance to read it. */
  shown: boolean;
  /** The element that goes on showing all of it; null while every element does. */
  shownBy: object | null;
  /** Whether somebody has put it away. */
  understood: boolean;
}

const notices = new Map<string, CallNotice>();
const listeners = new Set<() => void>();

/** One notice for each call of each dashboard, for as long as the page lives: a page loaded again shows it again. */
export function noticeOf(origin: string, callId: string): CallNotice {
  const key = `${origin} ${callId}`;
  const notice = notices.get(key) ?? { shown: false, shownBy: null, understood: false };
  notices.set(key, notice);
  return notice;
}

export function changeNotice(notice: CallNotice, change: Partial<CallNotice>): void {
  Object.assign(notice, change);
  for (const listener of [...listeners]) listener();
}

/** Calls `listener` after every change of any notice; returns how to stop. */
export function onNoticeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
