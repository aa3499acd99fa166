import type { AvatarChat } from '../client/src/index.js';
import { element } from '../element.js';

/** The text box with its button. What cannot be sent yet stays in it, and goes out when the connection is back. */
export class Composer {
  readonly #chat: AvatarChat;
  readonly #text = element('text', HTMLTextAreaElement);
  readonly #button = element('send', HTMLButtonElement);
  readonly #waits = element('waits', HTMLElement);

  constructor(chat: AvatarChat) {
    this.#chat = chat;
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', (event) => {
      // While an input method composes, Enter takes its proposal.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('input', () => this.#changed());
    chat.on('state', ({ kind }) => {
      if (kind === 'online' && !this.#waits.hidden) this.#submit();
    });
    this.#changed();
  }

  /** Says this, as if it had been typed. */
  say(text: string): void {
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
    const sent = text !== '' && this.#chat.sendText(text);
    if (sent) this.#text.value = '';
    else if (text !== '') this.#chat.connect();
    this.#waits.hidden = sent || text === '';
    this.#changed();
  }

  #changed(): void {
    const empty = this.#text.value.trim() === '';
    this.#button.disabled = empty;
    if (empty) this.#waits.hidden = true;
    // Grows with what is typed where the browser does not do it by itself (field-sizing).
    if (!CSS.supports('field-sizing', 'content')) {
      this.#text.style.height = 'auto';
      this.#text.style.height = `${this.#text.scrollHeight}px`;
    }
  }
}
