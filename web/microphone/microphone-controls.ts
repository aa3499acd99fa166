import type { AvatarChat } from '../client/src/index.js';
import { element } from '../element.js';
import type { Words } from '../words/words.js';
import { watchHold } from './hold.js';

/** What the microphone is used for. Each time it is pressed is a use of its own. */
type Use =
  | { readonly kind: 'none' }
  /** It hears all the time. */
  | { readonly kind: 'open' }
  /** It hears while the button is held. */
  | { readonly kind: 'held' }
  /** The button was let go; the device stays ready for a while, so that the next word is not lost. */
  | { readonly kind: 'ready' };

/** After this time without a word the device is let go (ms), and the browser's red dot with it. */
const READY_FOR_MS = 20_000;

/** Speech has a level (root mean square) of about this; it fills the meter. */
const SPEECH_RMS = 0.16;

/** The two ways to talk: a button (or the space bar) to hold, and an open microphone. */
export class MicrophoneControls {
  readonly #chat: AvatarChat;
  readonly #words: Words;
  readonly #openButton = element('microphone', HTMLButtonElement);
  readonly #talkButton = element('talk', HTMLButtonElement);
  readonly #talkLabel = element('talk-label', HTMLElement);
  readonly #onLevel: (level: number) => void;
  #use: Use = { kind: 'none' };
  #timer = 0;

  /** @param onLevel is told how loud the visitor is, 0 to 1, while the server listens. */
  constructor(chat: AvatarChat, words: Words, onLevel: (level: number) => void) {
    this.#chat = chat;
    this.#words = words;
    this.#onLevel = onLevel;
    this.#openButton.addEventListener('click', () => void this.#toggle());
    watchHold(this.#talkButton, { onPress: () => void this.#press(), onRelease: () => this.#release() });
    chat.on('microphone', ({ kind }) => {
      // Told once: the state alone may still be the failure of an earlier use.
      if (kind === 'failed') this.#change({ kind: 'none' });
      else this.#show();
    });
    chat.on('level', ({ rms }) => this.#showLevel(this.#sending ? Math.min(1, rms / SPEECH_RMS) : 0));
    chat.on('state', ({ kind }) => {
      // Nobody listens any more: the device is let go.
      if (kind === 'closed' || kind === 'refused') this.#close();
    });
  }

  /** Whether the visitor is being listened to. */
  get listens(): boolean {
    return this.#sending;
  }

  get #sending(): boolean {
    const { state } = this.#chat.microphone;
    return state.kind === 'open' && state.sending;
  }

  async #toggle(): Promise<void> {
    if (this.#use.kind === 'open') {
      this.#close();
      return;
    }
    this.#change({ kind: 'open' });
    this.#chat.connect();
    await this.#chat.microphone.open();
  }

  async #press(): Promise<void> {
    if (this.#use.kind === 'open' || this.#use.kind === 'held') return;
    const held: Use = { kind: 'held' };
    this.#change(held);
    this.#chat.connect();
    await this.#chat.microphone.arm();
    // It may have been let go while the browser was still asking: then nothing is sent.
    if (this.#isStill(held)) this.#chat.microphone.press();
  }

  #isStill(use: Use): boolean {
    return this.#use === use;
  }

  #release(): void {
    if (this.#use.kind !== 'held') return;
    this.#change({ kind: 'ready' });
    void this.#chat.microphone.release();
    this.#timer = window.setTimeout(() => this.#close(), READY_FOR_MS);
  }

  #close(): void {
    this.#change({ kind: 'none' });
    this.#chat.microphone.close();
  }

  #change(use: Use): void {
    window.clearTimeout(this.#timer);
    this.#use = use;
    this.#show();
  }

  #show(): void {
    const open = this.#use.kind === 'open';
    const held = this.#use.kind === 'held';
    const name = open ? this.#words.microphoneOff : this.#words.microphone;
    this.#openButton.setAttribute('aria-pressed', String(open));
    this.#openButton.setAttribute('aria-label', name);
    this.#openButton.title = name;
    this.#talkButton.setAttribute('aria-pressed', String(held));
    this.#talkButton.disabled = open;
    this.#talkLabel.textContent = held ? this.#words.talking : this.#words.talk;
    if (!this.#sending) this.#showLevel(0);
  }

  #showLevel(level: number): void {
    for (const button of [this.#openButton, this.#talkButton]) {
      button.style.setProperty('--level', level.toFixed(2));
    }
    this.#onLevel(level);
  }
}
