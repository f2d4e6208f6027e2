import type { Join } from '@undertone/wire';
import { css, html, LitElement } from 'lit';
import { openMediasoupMedia } from './call-media.ts';
import { CallSession } from './call-session.ts';
import './call-view.ts';
import { controlStyles } from './control-styles.ts';
import { type JoinAddress, type OwnConsent, type OwnRole, readJoinAddress } from './join-address.ts';
import './join-form.ts';
import { Microphone } from './microphone.ts';
import { SocketSignalling } from './signalling.ts';

/** The whole page: the form outside a call, the call view inside. */
class JoinPage extends LitElement {
  readonly #update = (): void => this.requestUpdate();
  #address: JoinAddress = readJoinAddress(location.search);
  readonly #microphone = new Microphone(this.#address.raw, this.#update);
  readonly #session = new CallSession(new SocketSignalling(), openMediasoupMedia, this.#update);

  static override styles = [
    controlStyles,
    css`
      main {
        display: grid;
        gap: var(--ut-space-5);
        width: min(34rem, 100%);
        margin: 0 auto;
        padding: var(--ut-space-6) var(--ut-space-4) var(--ut-space-7);
      }
      .call {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const { callId, name, role, consent, autojoin } = this.#address;
    if (autojoin && consent !== null) void this.#join({ callId, name, role, consent });
    else void this.#microphone.openIfAllowed();
  }

  override render() {
    const { phase } = this.#session;
    this.dataset.phase = phase;
    return html`<main @microphone-asked=${this.#openMicrophone}>
      ${phase === 'out' ? this.#renderForm() : this.#renderCall()}
    </main>`;
  }

  #renderForm() {
    return html`<h1>Join a call</h1>
      <ut-join-form
        .address=${this.#address}
        .microphone=${this.#microphone.state}
        .problem=${this.#session.problem}
        @join-asked=${(event: CustomEvent<Join>) => this.#join(event.detail)}
      ></ut-join-form>`;
  }

  #renderCall() {
    const { phase, self, others, muted, problem } = this.#session;
    return html`<h1 class="call">Call ${this.#address.callId}</h1>
      <ut-call-view
        .phase=${phase}
        .self=${self}
        .others=${others}
        ?muted=${muted}
        .microphone=${this.#microphone.state}
        .problem=${problem}
        @mute-asked=${() => this.#session.setMuted(!this.#session.muted)}
        @leave-asked=${() => this.#session.leave()}
        @consent-chosen=${(event: CustomEvent<OwnConsent>) => this.#session.setConsent(event.detail)}
      ></ut-call-view>`;
  }

  async #join(join: Join): Promise<void> {
    // The form comes back as it was, should the call be lost.
    this.#address = {
      ...this.#address,
      ...join,
      role: join.role as OwnRole,
      consent: join.consent as OwnConsent,
    };
    if (this.#microphone.track !== null || (await this.#microphone.open()))
      this.#session.join(join, this.#microphone.track!);
  }

  async #openMicrophone(event: CustomEvent<string | null>): Promise<void> {
    await this.#microphone.open(event.detail ?? undefined);
    const { track } = this.#microphone;
    if (track !== null) await this.#session.useMicrophone(track);
  }
}

customElements.define('ut-join-page', JoinPage);
