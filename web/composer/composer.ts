import type { AvatarChat } from '../client/src/index.js';
import { element } from '../element.js';
import type { Words } from '../words/words.js';

/** What a key's event has for `keyCode` while an input method takes it. */
const TAKEN_BY_INPUT_METHOD = 229;

/** The text box with its button. What cannot be sent yet stays in it, and goes out when the connection is back. */
export class Composer {
  readonly #chat: AvatarChat;
  readonly #words: Words;
  readonly #text = element('text', HTMLTextAreaElement);
  readonly #button = element('send', HTMLButtonElement);
  readonly #waits = element('waits', HTMLElement);
  /** What waits to be sent; it is in the box. */
  #waiting: string | undefined;
  /** What stood in the box before something else was put there; it comes back when that is sent. */
  #draft = '';

  constructor(chat: AvatarChat, words: Words) {
    this.#chat = chat;
    this.#words = words;
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', (event) => {
      // While an input method composes, Enter takes its proposal; Safari says so by the old code alone.
      if (event.key !== 'Enter' || event.shiftKey) return;
      if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) return;
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('input', () => {
      this.#waiting = undefined; // half a sentence is not to go out by itself
      this.#changed();
    });
    chat.on('state', ({ kind }) => {
      if (kind === 'online' && this.#waiting !== undefined) this.#submit();
    });
    this.#changed();
  }

  /** Says this, as if it had been typed; what the visitor has begun to write is kept. */
  say(text: string): void {
    this.#draft ||= this.#text.value;
    this.#text.value = text;
    this.#submit();
    this.focus();
  }

  /** Lets the visitor type at once, except where that would raise a keyboard over half the screen. */
  focus(): void {
    if (window.matchMedia('(pointer: fine)').matches) this.#text.focus({ preventScroll: true });
  }

  #submit(): void {
    const text = this.#text.value.trim();
    if (text === '') return;
    if (this.#chat.sendText(text)) {
      this.#text.value = this.#draft;
      this.#draft = '';
      this.#waiting = undefined;
    } else {
      this.#chat.connect();
      this.#waiting = text;
    }
    this.#changed();
  }

  #changed(): void {
    this.#button.disabled = this.#text.value.trim() === '';
    // A screen reader says what changes in a place that was there before.
    this.#waits.textContent = this.#waiting === undefined ? '' : this.#words.waits;
    // Grows with what is typed where the browser does not do it by itself (field-sizing).
    if (!CSS.supports('field-sizing', 'content')) {
      this.#text.style.height = 'auto';
      this.#text.style.height = `${this.#text.scrollHeight}px`;
    }
  }
}
