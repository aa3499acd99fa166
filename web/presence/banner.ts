import { errorWords } from '../client/src/error-words.js';
import { element } from '../element.js';
import type { Words } from '../words/words.js';
import type { Presence } from './presence.js';

/** What the banner's button can be asked to do. */
export interface BannerListener {
  /** Connect now. */
  onConnect(): void;
  /** Let sound out. */
  onHear(): void;
}

/** Sound that the browser holds back only for this long (ms) is not worth a word. */
const LOCKED_FOR_MS = 400;

interface Shown {
  readonly text: string;
  readonly action: string;
  readonly act: () => void;
  /** When the next attempt is due. */
  readonly dueAtMs?: number;
}

/** Says what keeps the conversation from going on, and offers what helps. Silent while all is well. */
export class Banner {
  readonly #words: Words;
  readonly #listener: BannerListener;
  readonly #box = element('banner', HTMLElement);
  readonly #text = element('banner-text', HTMLElement);
  readonly #countdown = element('banner-countdown', HTMLElement);
  readonly #button = element('banner-button', HTMLButtonElement);
  #presence: Presence = { kind: 'connecting' };
  #locked: 'no' | 'perhaps' | 'yes' = 'no';
  #shown: Shown | undefined;
  #timer = 0;
  #lockTimer = 0;

  constructor(words: Words, listener: BannerListener) {
    this.#words = words;
    this.#listener = listener;
    this.#button.addEventListener('click', () => this.#shown?.act());
  }

  /** What is going on now. */
  show(presence: Presence): void {
    this.#presence = presence;
    this.#update();
  }

  /** Whether the browser holds sound back. */
  showLocked(locked: boolean): void {
    window.clearTimeout(this.#lockTimer);
    this.#locked = locked ? 'perhaps' : 'no';
    if (locked) {
      this.#lockTimer = window.setTimeout(() => {
        this.#locked = 'yes';
        this.#update();
      }, LOCKED_FOR_MS);
    }
    this.#update();
  }

  #update(): void {
    const shown = this.#wanted();
    this.#shown = shown;
    window.clearInterval(this.#timer);
    this.#button.hidden = shown === undefined;
    this.#say(shown?.text ?? '');
    this.#count();
    if (shown === undefined) {
      delete this.#box.dataset['kind'];
      return;
    }
    this.#box.dataset['kind'] = this.#presence.kind === 'speaking' ? 'locked' : this.#presence.kind;
    this.#button.textContent = shown.action;
    if (shown.dueAtMs !== undefined) this.#timer = window.setInterval(() => this.#count(), 250);
  }

  /** Unchanged text is left alone: a screen reader would say it again. What it is said in is always there. */
  #say(text: string): void {
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }

  #count(): void {
    const dueAtMs = this.#shown?.dueAtMs;
    const seconds = dueAtMs === undefined ? 0 : Math.ceil((dueAtMs - performance.now()) / 1000);
    this.#countdown.textContent = dueAtMs === undefined ? '' : this.#words.inSeconds(Math.max(0, seconds));
  }

  #wanted(): Shown | undefined {
    const words = this.#words;
    const connect = () => this.#listener.onConnect();
    const presence = this.#presence;
    switch (presence.kind) {
      case 'reconnecting': {
        const why = presence.reason === '' ? '' : `${errorWords(presence.reason, '', words.errors)} `;
        const { dueAtMs } = presence;
        return { text: why + words.reconnecting, action: words.tryNow, act: connect, dueAtMs };
      }
      case 'offline':
        return { text: words.offline, action: words.tryNow, act: connect };
      case 'refused': {
        const why = errorWords(presence.code, presence.message, words.errors);
        const advice = words.refusedAdvice[presence.code] ?? words.refusedAdviceElse;
        return { text: `${words.refused} ${why} ${advice}`, action: words.tryAgain, act: connect };
      }
      case 'resting':
        return { text: words.resting, action: words.wake, act: connect };
      case 'speaking':
        if (this.#locked !== 'yes') return undefined;
        return { text: words.locked, action: words.hear, act: () => this.#listener.onHear() };
      default:
        return undefined;
    }
  }
}
