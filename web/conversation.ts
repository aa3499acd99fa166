interface Word {
  readonly text: string;
  readonly startMs: number;
}

/** What the avatar is saying. */
interface Speech {
  readonly turnId: string;
  readonly bubble: HTMLElement;
  /** Words that have not been heard yet, in order. */
  readonly unheard: Word[];
  /** The server has sent all its words. */
  complete: boolean;
}

/** From this close to its end (pixels) the conversation follows what is new; farther up, somebody reads. */
const FOLLOW_WITHIN_PX = 80;

/** The conversation as bubbles. The avatar's words appear when they are heard, not when they arrive. */
export class Conversation {
  readonly #log: HTMLElement;
  readonly #scroller: HTMLElement;
  #speech: Speech | undefined;

  /**
   * @param log the list the bubbles go into.
   * @param scroller what scrolls when the list grows.
   */
  constructor(log: HTMLElement, scroller: HTMLElement) {
    this.#log = log;
    this.#scroller = scroller;
  }

  /** Shows what the user said. What was spoken is known late: its place is before the answer that already runs. */
  addUser(text: string): void {
    const bubble = newBubble('user');
    bubble.textContent = text;
    const running = this.#speech?.complete === false ? this.#speech.bubble : null;
    this.#follow(() => this.#log.insertBefore(bubble, running?.parentElement === this.#log ? running : null));
  }

  /** The avatar begins to say something. */
  begin(turnId: string): void {
    this.finish();
    const bubble = newBubble('avatar');
    // Screen readers wait until the voice has finished.
    bubble.setAttribute('aria-busy', 'true');
    this.#speech = { turnId, bubble, unheard: [], complete: false };
  }

  /** A word that will be heard `startMs` into the turn. */
  addWord(turnId: string, text: string, startMs: number): void {
    if (this.#speech?.turnId === turnId) this.#speech.unheard.push({ text, startMs });
  }

  /** No word follows in this turn. */
  complete(turnId: string): void {
    if (this.#speech?.turnId === turnId) this.#speech.complete = true;
  }

  /** The turn has been heard up to here. */
  reveal(turnId: string, heardMs: number): void {
    const speech = this.#speech;
    if (speech?.turnId !== turnId || (speech.unheard[0]?.startMs ?? Number.POSITIVE_INFINITY) > heardMs)
      return;
    this.#follow(() => {
      if (speech.bubble.parentElement === null) this.#log.append(speech.bubble);
      while (speech.unheard[0] !== undefined && speech.unheard[0].startMs <= heardMs) {
        const word = document.createElement('span');
        word.textContent = speech.unheard.shift()?.text ?? '';
        speech.bubble.append(word);
      }
    });
  }

  /** The turn was cut off here: the words beyond it were never said. */
  cut(turnId: string, heardMs: number): void {
    if (this.#speech?.turnId !== turnId) return;
    this.reveal(turnId, heardMs);
    this.#speech.unheard.length = 0;
    this.#speech.bubble.classList.add('cut');
    this.finish();
  }

  /** The avatar has finished: all its words have been heard. */
  finish(): void {
    const speech = this.#speech;
    if (speech === undefined) return;
    this.reveal(speech.turnId, Number.POSITIVE_INFINITY);
    speech.bubble.removeAttribute('aria-busy');
    this.#speech = undefined;
  }

  #follow(change: () => void): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const following = scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN_PX;
    change();
    if (following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

function newBubble(speaker: 'user' | 'avatar'): HTMLElement {
  const bubble = document.createElement('li');
  bubble.className = speaker;
  return bubble;
}
