import { type ErrorWords, errorWords } from '../client/src/error-words.js';
import { AvatarChat, type ChatOptions, type TranscriptEntry } from '../client/src/index.js';
import { html } from '../html.js';
import { isToldByState } from '../presence/told-by-state.js';
import { createFace, type Face, type Light, SHOWN_AFTER_MS } from './face-factory.js';
import type { Panel } from './panel.js';
import type { PanelWords } from './words.js';

/** How a conversation in a panel is begun. */
export interface TalkOptions extends ChatOptions {
  readonly words: PanelWords;
  readonly light: Light;
  /** What the avatar's first bubble says before anybody has spoken. */
  readonly greeting: string;
}

/** Trouble is shown for so long (ms). */
const TROUBLE_MS = 8000;

/** More utterances than this are not shown. */
const MOST_SHOWN = 100;

/** A conversation in a panel: begins when it is made, and leaves nothing behind when it is ended. */
export class Talk {
  readonly chat: AvatarChat;
  readonly #panel: Panel;
  readonly #options: TalkOptions;
  readonly #face: Face;
  readonly #ended = new AbortController();
  readonly #shown = new Map<number, HTMLElement>();
  /** Why the server has closed, in words; '' where it has not, or there is nothing to say of it. */
  #closing = '';
  #frame = 0;
  #troubleTimer = 0;

  constructor(panel: Panel, options: TalkOptions) {
    this.#panel = panel;
    this.#options = options;
    this.#face = createFace(panel.stage, { light: options.light });
    this.chat = new AvatarChat(options);
    if (options.greeting !== '' && panel.log.childElementCount === 0) {
      panel.log.append(html('li', { class: 'assistant' }, options.greeting));
    }
    this.#listen();
    this.chat.connect();
    this.#draw(performance.now());
  }

  setLight(light: Light): void {
    this.#face.setTheme(light);
  }

  /** Ends it: socket, sound, microphone and drawing. */
  end(): void {
    this.#ended.abort();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#troubleTimer);
    this.chat.close();
    this.#face.dispose();
  }

  #listen(): void {
    const { chat } = this;
    const { signal } = this.#ended;
    const { form, input, stopButton, microphoneButton } = this.#panel;
    form.addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        if (chat.sendText(input.value)) input.value = '';
        else this.#wake();
      },
      { signal },
    );
    // A server that has sent an idle visitor away is called again by the first sign of life.
    input.addEventListener('focus', () => this.#wake(), { signal });
    input.addEventListener('input', () => chat.state.kind === 'closed' && this.#wake(), { signal });
    stopButton.addEventListener('click', () => chat.interrupt(), { signal });
    microphoneButton.addEventListener('click', () => this.#toggleMicrophone(), { signal });
    chat.on('activity', () => this.#showState());
    chat.on('state', (state) => {
      if (state.kind === 'refused') this.#showTrouble(state.code, state.message);
      if (state.kind === 'online') this.#panel.trouble.hidden = true;
      // Nobody listens any more: the device is let go.
      if (state.kind === 'refused' || state.kind === 'closed') chat.microphone.close();
      if (state.kind !== 'connecting' && state.kind !== 'reconnecting') this.#closing = '';
      this.#showState();
    });
    chat.on('transcript', ({ entry, index }) => this.#showEntry(entry, index));
    chat.on('error', ({ code, message }) => {
      if (isToldByState(code)) this.#closing = wordsAlone(code, this.#options.words.errors);
      else this.#showTrouble(code, message);
    });
    chat.on('microphone', (state) => {
      const on = state.kind === 'open' || state.kind === 'opening';
      microphoneButton.setAttribute('aria-pressed', String(on));
      if (state.kind === 'failed') this.#showTrouble(`microphone_${state.error.code}`, state.error.message);
    });
    chat.on('level', ({ rms }) =>
      microphoneButton.style.setProperty('--level', Math.min(1, 6 * rms).toFixed(2)),
    );
    this.#showState();
  }

  /** Somebody wants to talk: after a rest, or in spite of a refusal, the server is called again. */
  #wake(): void {
    if (this.#isAway) this.chat.connect();
  }

  /** Whether the server is not called any more by itself. */
  get #isAway(): boolean {
    const { kind } = this.chat.state;
    return kind === 'closed' || kind === 'refused';
  }

  #toggleMicrophone(): void {
    const { microphone } = this.chat;
    this.#wake();
    if (microphone.state.kind === 'open' || microphone.state.kind === 'opening') microphone.close();
    else void microphone.open();
  }

  #showState(): void {
    const { state, sendButton, stopButton, panel } = this.#panel;
    const { activity } = this.chat;
    panel.dataset['activity'] = activity;
    state.textContent = this.#closing === '' ? this.#options.words.activity[activity] : this.#closing;
    sendButton.disabled = this.chat.state.kind !== 'online' && !this.#isAway;
    stopButton.disabled = activity !== 'speaking';
  }

  #showEntry({ id, role, text, state }: TranscriptEntry, index: number): void {
    const { log, scroll } = this.#panel;
    let item = this.#shown.get(id);
    if (item === undefined) {
      item = html('li', { class: role });
      this.#shown.set(id, item);
      const after = this.chat.transcript.entries[index + 1];
      log.insertBefore(item, (after && this.#shown.get(after.id)) ?? null);
    }
    item.textContent = text;
    item.classList.toggle('cut', state === 'cut');
    for (const [old, shown] of this.#shown) {
      if (this.#shown.size <= MOST_SHOWN) break;
      shown.remove();
      this.#shown.delete(old);
    }
    scroll.scrollTop = scroll.scrollHeight;
  }

  #showTrouble(code: string, message: string): void {
    const { trouble } = this.#panel;
    trouble.textContent = errorWords(code, message, this.#options.words.errors);
    trouble.hidden = false;
    clearTimeout(this.#troubleTimer);
    this.#troubleTimer = window.setTimeout(() => {
      trouble.hidden = true;
    }, TROUBLE_MS);
  }

  /** Once per picture: what is heard decides what is seen. */
  #draw(nowMs: number): void {
    const { activity } = this.chat;
    const asleep = activity === 'offline' || activity === 'connecting';
    const listens = this.chat.microphone.state.kind === 'open' ? 'attentive' : 'calm';
    const mood = activity === 'speaking' ? 'speaking' : asleep ? 'asleep' : listens;
    this.#face.draw(this.chat.player.heard(SHOWN_AFTER_MS)?.weights, mood, nowMs);
    this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }
}

/** Words for an error; '' where the panel's language has none. */
function wordsAlone(code: string, words: ErrorWords): string {
  const said = errorWords(code, '', words);
  return said === code ? '' : said;
}
