import { css, html, LitElement } from 'lit';
import { controlStyles } from './control-styles.ts';

/** `<ut-about>`: one honest line at the foot of every page, and more behind it. */
export class AboutFooter extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        padding: var(--ut-space-4) var(--ut-page-margin) var(--ut-space-5);
        color: var(--ut-ink-soft);
        font-size: var(--ut-text-xs);
      }
      .more {
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font-size: inherit;
        font-weight: inherit;
        text-decoration: underline;
        text-decoration-color: var(--ut-ink-faint);
        text-underline-offset: 0.2em;
      }
      dialog {
        width: min(34rem, calc(100vw - 2rem));
        padding: var(--ut-space-5) var(--ut-space-6);
        border: 1px solid var(--ut-rule);
        border-radius: var(--ut-radius-lg);
        background: var(--ut-surface-raised);
        color: var(--ut-ink);
        font-size: var(--ut-text-md);
        line-height: var(--ut-leading);
        box-shadow: 0 1.5rem 4rem var(--ut-shadow);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      h2 {
        margin: 0 0 var(--ut-space-3);
        font-size: var(--ut-text-xl);
        font-weight: var(--ut-weight-bold);
        letter-spacing: -0.02em;
        line-height: var(--ut-leading-tight);
      }
      p {
        margin: 0 0 var(--ut-space-3);
      }
      form {
        margin-top: var(--ut-space-5);
        text-align: end;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'contentinfo');
  }

  override render() {
    return html`
      <span>
        Perceived expression: how a voice sounds to listeners, not what the person feels. It is often wrong.
        <button class="more" aria-haspopup="dialog" @click=${this.#open}>What this means</button>
        · <a href="/model-card">Model card</a>
      </span>
      <dialog aria-labelledby="about-heading" @click=${this.#closeOnBackdrop}>
        <h2 id="about-heading">What “perceived expression” means</h2>
        <p>
          Undertone listens to the sound of a voice (pitch, loudness, rhythm, timbre) and estimates which expression
          listeners would hear in it. It doesn’t understand the words and it can’t know what anybody feels.
        </p>
        <p>
          The model learned from actors. On real calls, through real microphones, in other languages and with voices
          unlike theirs, it is wrong often, and more often for some people than for others. Confidence says how
          decided the model is; it doesn’t say that it is right.
        </p>
        <p>
          Use it to decide which call to listen to. Never use it to judge a person, and never to decide about
          somebody’s work. Only people who agreed are analysed, and silence is never given an expression.
        </p>
        <p><a href="/model-card">Model card: training data, measured accuracy, limits</a></p>
        <form method="dialog"><button autofocus>Close</button></form>
      </dialog>
    `;
  }

  #open(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #closeOnBackdrop(event: MouseEvent): void {
    if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
  }
}
customElements.define('ut-about', AboutFooter);
