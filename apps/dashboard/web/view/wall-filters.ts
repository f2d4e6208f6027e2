import { speakerRoles } from '@undertone/wire';
import { css, html } from 'lit';
import type { WallFilter } from '../data/wall-filter.ts';
import { messages } from '../language/locale.ts';
import { controlStyles } from './control-styles.ts';
import { LocalizedElement } from './localized-element.ts';

/** `<ut-wall-filters>`: what of the wall is shown. Changes the filter that it is given and says `ut-filter`. */
export class WallFilters extends LocalizedElement {
  static override properties = { filter: { attribute: false } };
  declare filter: WallFilter;

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ut-space-2);
      }
      input {
        flex: 1 1 9rem;
        min-width: 7rem;
        max-width: 15rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'search');
  }

  override render() {
    const { filters, search, searchHint, voices, voicesOf, order, orders, show, shows } = messages().wall;
    const { filter } = this;
    this.ariaLabel = filters;
    return html`
      <input
        type="search"
        aria-label=${search}
        placeholder=${searchHint}
        autocomplete="off"
        spellcheck="false"
        maxlength="80"
        .value=${filter.text}
        @input=${(event: Event) => this.#change({ text: chosenIn(event) })}
        @keydown=${this.#clear}
      />
      <select
        aria-label=${voices}
        @change=${(event: Event) => this.#change({ voices: chosenIn(event) as WallFilter['voices'] })}
      >
        ${(['everyone', ...speakerRoles] as const).map(
          (each) =>
            html`<option value=${each} ?selected=${filter.voices === each}>${voicesOf[each]}</option>`,
        )}
      </select>
      <select
        aria-label=${order}
        @change=${(event: Event) => this.#change({ order: chosenIn(event) as WallFilter['order'] })}
      >
        ${(['urgent', 'newest'] as const).map(
          (each) => html`<option value=${each} ?selected=${filter.order === each}>${orders[each]}</option>`,
        )}
      </select>
      <select
        aria-label=${show}
        @change=${(event: Event) => this.#change({ show: chosenIn(event) as WallFilter['show'] })}
      >
        ${(['all', 'urgent', 'alert'] as const).map(
          (each) => html`<option value=${each} ?selected=${filter.show === each}>${shows[each]}</option>`,
        )}
      </select>
    `;
  }

  focusSearch(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  #change(change: Partial<WallFilter>): void {
    Object.assign(this.filter, change);
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('ut-filter', { bubbles: true, composed: true }));
  }

  #clear(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.filter.text !== '') this.#change({ text: '' });
  }
}

const chosenIn = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;
customElements.define('ut-wall-filters', WallFilters);
