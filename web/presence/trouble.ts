import { element } from '../element.js';

/** Trouble is shown for so long (ms). */
const SHOWN_FOR_MS = 9000;

/** A line that says that something is wrong, in words for the visitor, for a while. */
export class Trouble {
  readonly #line = element('trouble', HTMLElement);
  #timer = 0;

  /** Shows it instead of what was shown before. */
  show(words: string): void {
    this.#line.textContent = words;
    this.#line.hidden = false;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hide(), SHOWN_FOR_MS);
  }

  /** It is over. */
  hide(): void {
    window.clearTimeout(this.#timer);
    this.#line.hidden = true;
  }
}
