import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { CallFeed, SpeakerTrack } from './call-feed.ts';
import { callStyles } from './call-styles.ts';
import { Exposure } from './exposure.ts';
import { chooseLanguage, type Language, type Messages, messagesIn } from './messages.ts';
import { type CallNotice, changeNotice, noticeOf, onNoticeChange } from './notice-record.ts';
import { borrowClient } from './shared-clients.ts';
import type { TimelineClient, WatchedCall } from './timeline-client.ts';
import { tokenStyles } from './token-styles.ts';

const identifier = /^[A-Za-z0-9_.-]{1,64}$/;
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** What the event `undertone-notice` says, for the host's own record. */
export interface NoticeShown {
  callId: string;
  /** null where the element shows everybody. */
  speakerId: string | null;
  /** Wall clock of this browser, milliseconds since the Unix epoch. */
  shownAtMs: number;
  language: Language;
  /** What was shown, word for word. */
  text: string;
}

interface Subscription {
  key: string;
  client: TimelineClient;
  watched: WatchedCall;
  giveBack: () => void;
}

/**
 * Watches one call, or one speaker of it, and says in every state what there is to see. Nothing of an analysed voice is
 * shown before the notice was.
 */
export abstract class CallElement extends LitElement {
  static override properties: PropertyDeclarations = {
    src: {},
    call: {},
    speaker: {},
    token: {},
    stream: { type: Boolean },
  };
  static override styles = [tokenStyles, callStyles];

  /** Address of the dashboard; absent, it is where this script came from. */
  declare src: string | null;
  declare call: string | null;
  /** Absent for everybody in the call. */
  declare speaker: string | null;
  declare token: string | null;
  /** For streaming software: the notice stays, since nobody can put it away. */
  declare stream: boolean;

  #subscription: Subscription | null = null;
  #exposure: Exposure | null = null;
  #noticeOpen = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #forgetNotices = (): void => {};

  protected abstract renderVoice(track: SpeakerTrack, words: Messages): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#subscribe();
    this.#forgetNotices = onNoticeChange(() => this.requestUpdate());
    // What is said of a voice grows old even if nothing comes.
    this.#timer = setInterval(() => this.requestUpdate(), 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#forgetNotices();
    this.#exposure?.close();
    this.#exposure = null;
    const notice = this.#notice;
    this.#unsubscribe();
    if (notice?.shownBy === this) changeNotice(notice, { shownBy: null });
  }

  override willUpdate(): void {
    if (this.isConnected) this.#subscribe();
  }

  override render() {
    const words = messagesIn(this.#language);
    const voices = this.#voices;
    const notice = this.#notice;
    const listed = voices.filter(({ speaker }) => !speaker.decision.analysed || notice?.shown);
    const analysed = voices.some(({ speaker }) => speaker.decision.analysed);
    const feed = this.#subscription?.watched.call;
    return html`<div class="card" lang=${this.#language} data-state=${feed?.state ?? 'none'}>
      <p class="status" role="status">${this.#status(words, feed, voices)}</p>
      ${
        listed.length > 0
          ? html`<ul class="voices">
            ${listed.map((track) => this.renderVoice(track, words))}
          </ul>`
          : nothing
      }
      ${analysed && notice ? this.#renderNotice(words, notice) : nothing}
    </div>`;
  }

  override updated(_changed: PropertyValues): void {
    const notice = this.#notice;
    const title = this.renderRoot.querySelector('.notice p.title');
    if (title && notice && !notice.shown) {
      this.#exposure ??= new Exposure(title, () => this.#noticeShown(notice, title));
    } else {
      this.#exposure?.close();
      this.#exposure = null;
    }
  }

  /** Capture time of now; in whole seconds for those who want little motion. */
  protected get nowMs(): number {
    const now = this.#subscription?.client.clock.now() ?? Date.now();
    return reducedMotion.matches ? Math.floor(now / 1_000) * 1_000 : now;
  }

  get #origin(): string | null {
    const address = this.src || import.meta.url;
    return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).origin : null;
  }

  get #language(): Language {
    const near = this.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang;
    return chooseLanguage([...(near ? [near] : []), ...navigator.languages]);
  }

  get #notice(): CallNotice | null {
    const origin = this.#origin;
    return origin === null || !this.call ? null : noticeOf(origin, this.call);
  }

  get #voices(): SpeakerTrack[] {
    const speakers = this.#subscription?.watched.call.speakers;
    if (!speakers) return [];
    if (this.speaker) return [speakers.get(this.speaker) ?? []].flat();
    return [...speakers.values()].filter(({ leftAtMs }) => leftAtMs === null);
  }

  #subscribe(): void {
    const origin = this.#origin;
    const valid = origin !== null && this.call && identifier.test(this.call);
    const key = valid ? `${origin} ${this.token ?? ''} ${this.call}` : null;
    if (key === (this.#subscription?.key ?? null)) return;
    this.#unsubscribe();
    if (key === null) return;
    const { client, giveBack } = borrowClient(origin!, this.token ?? null);
    const watched = client.watch(this.call!, () => this.requestUpdate());
    this.#subscription = { key, client, watched, giveBack };
  }

  #unsubscribe(): void {
    this.#subscription?.watched.close();
    this.#subscription?.giveBack();
    this.#subscription = null;
  }

  #status(words: Messages, feed: CallFeed | undefined, voices: SpeakerTrack[]): string {
    if (this.#origin === null) return words.unreachable;
    if (!feed) return words.callMalformed;
    const { problem } = this.#subscription!.client;
    if (problem === 'refused') return words.refused;
    if (feed.state === 'loading') return problem === 'unreachable' ? words.unreachable : words.connecting;
    if (feed.state === 'missing') return words.missing(feed.callId);
    if (feed.state !== 'live') return words.reconnecting;
    if (feed.endedAtMs !== null) return words.ended;
    if (feed.analyzerConnected === false) return words.analyzerDown;
    return voices.length === 0 ? words.notInCall : '';
  }

  #renderNotice({ notice: words }: Messages, notice: CallNotice): TemplateResult {
    const mine = !notice.understood && (notice.shownBy === null || notice.shownBy === this);
    if (!this.stream && !mine && !this.#noticeOpen)
      return html`<div class="notice">
        <button class="title" type="button" aria-expanded="false" @click=${() => this.#open(true)}>
          ${words.title}
        </button>
      </div>`;
    return html`<div class="notice">
      <div role="status">
        <p class="title">${words.title}</p>
        <p>${words.text}</p>
      </div>
      ${
        this.stream
          ? nothing
          : html`<button type="button" @click=${() => this.#understood(notice)}>${words.understood}</button>`
      }
    </div>`;
  }

  #open(open: boolean): void {
    this.#noticeOpen = open;
    this.requestUpdate();
  }

  #understood(notice: CallNotice): void {
    this.#noticeOpen = false;
    changeNotice(notice, { shown: true, understood: true });
  }

  #noticeShown(notice: CallNotice, title: Element): void {
    const detail: NoticeShown = {
      callId: this.call!,
      speakerId: this.speaker || null,
      shownAtMs: Date.now(),
      language: this.#language,
      text: [...title.parentElement!.querySelectorAll('p')].map(({ textContent }) => textContent).join('. '),
    };
    changeNotice(notice, { shown: true, shownBy: this });
    this.dispatchEvent(
      new CustomEvent<NoticeShown>('undertone-notice', { detail, bubbles: true, composed: true }),
    );
  }
}
