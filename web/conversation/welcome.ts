import { element } from '../element.js';
import { html } from '../html.js';

/** What is there before anybody has spoken: a greeting, and things to say. */
export class Welcome {
  readonly #box = element('welcome', HTMLElement);
  readonly #list = element('suggestions', HTMLElement);
  readonly #onSay: (text: string) => void;

  /** @param onSay is called when a suggestion is taken. */
  constructor(suggestions: readonly string[], onSay: (text: string) => void) {
    this.#onSay = onSay;
    this.suggest(suggestions);
  }

  /** Offers these instead. */
  suggest(suggestions: readonly string[]): void {
    const chips = suggestions.map((text) => {
      const chip = html('button', { class: 'chip', type: 'button' }, text);
      chip.addEventListener('click', () => this.#onSay(text));
      return html('li', {}, chip);
    });
    this.#list.replaceChildren(...chips);
  }

  /** Somebody has spoken. */
  leave(): void {
    this.#box.hidden = true;
  }
}
