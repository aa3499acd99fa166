import type { AvatarChat } from '../client/src/index.js';
import { type Presence, presenceAfter } from './presence.js';

/** An error explains what comes this soon after it (ms). */
const EXPLAINS_WITHIN_MS = 3000;

/** Follows a conversation, and tells whenever what is going on has changed. */
export class PresenceWatch {
  readonly #chat: AvatarChat;
  readonly #onChange: (presence: Presence) => void;
  #presence: Presence = { kind: 'connecting' };
  #error = { code: '', atMs: Number.NEGATIVE_INFINITY };
  #loss = { dueAtMs: 0, reason: '' };

  constructor(chat: AvatarChat, onChange: (presence: Presence) => void) {
    this.#chat = chat;
    this.#onChange = onChange;
    chat.on('error', ({ code }) => {
      this.#error = { code, atMs: performance.now() };
    });
    chat.on('state', (state) => {
      if (state.kind === 'reconnecting') this.#lose(state.inMs);
      else if (state.kind === 'connecting') this.#loss = { ...this.#loss, dueAtMs: 0 };
      this.#look();
    });
    chat.on('activity', () => this.#look());
    window.addEventListener('online', () => this.#look());
    window.addEventListener('offline', () => this.#look());
  }

  get now(): Presence {
    return this.#presence;
  }

  #lose(inMs: number): void {
    const nowMs = performance.now();
    const explained = nowMs - this.#error.atMs < EXPLAINS_WITHIN_MS;
    this.#loss = { dueAtMs: nowMs + inMs, reason: explained ? this.#error.code : '' };
  }

  #look(): void {
    const { state, activity } = this.#chat;
    const hasNetwork = navigator.onLine;
    const next = presenceAfter(this.#presence, { state, activity, hasNetwork, loss: this.#loss });
    const same = JSON.stringify(next) === JSON.stringify(this.#presence);
    this.#presence = next;
    if (!same) this.#onChange(next);
  }
}
