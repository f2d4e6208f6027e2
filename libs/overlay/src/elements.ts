import { UndertoneOverlay } from './overlay-element.ts';
import { UndertoneStream } from './stream-element.ts';
import { UndertoneTimeline } from './timeline-element.ts';

export type { NoticeShown } from './call-element.ts';
export { TimelineClient, type TimelineClientOptions, type WatchedCall } from './timeline-client.ts';
export { readVoice, type VoiceReading, type VoiceState } from './voice-reading.ts';
export { UndertoneOverlay, UndertoneTimeline };

declare global {
  interface HTMLElementTagNameMap {
    'undertone-overlay': UndertoneOverlay;
    'undertone-timeline': UndertoneTimeline;
  }
  interface GlobalEventHandlersEventMap {
    'undertone-notice': CustomEvent<import('./call-element.ts').NoticeShown>;
  }
}

// A page may load the script twice.
for (const [name, element] of [
  ['undertone-overlay', UndertoneOverlay],
  ['undertone-timeline', UndertoneTimeline],
  ['undertone-stream', UndertoneStream],
] as const)
  if (!customElements.get(name)) customElements.define(name, element);
