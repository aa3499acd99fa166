import type { Activity } from './chat-events.ts';
import type { ConnectionState } from './link/connection.ts';
import type { AvatarState } from './wire/messages.ts';

/** After this time without an answer (ms) nobody waits for one any more: some agents choose not to. */
const PATIENCE_MS = 20_000;

/** What an {@link ActivityWatch} looks at, and whom it tells. */
export interface ActivityParts {
  /** Whether a turn is being played. */
  speaking(): boolean;
  connection(): ConnectionState;
  onChange(activity: Activity): void;
}

/** What is going on: the connection, the player, the server's word, and a question that waits for its answer. */
export class ActivityWatch {
  readonly #parts: ActivityParts;
  #now: Activity = 'offline';
  #avatar: AvatarState = 'Listening';
  /** Runs while the user waits for the answer to something typed. */
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  get now(): Activity {
    return this.#now;
  }

  /** The server says what the avatar is up to. */
  avatarIs(state: AvatarState): void {
    this.#avatar = state;
  }

  /** The user has asked something. */
  asked(): void {
    this.settled();
    this.#patience = setTimeout(() => {
      this.settled();
      this.look();
    }, PATIENCE_MS);
    this.look();
  }

  /** What was asked is being answered, or never will be. */
  settled(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** The user, or the connection, has broken off whatever it was. */
  brokenOff(): void {
    this.settled();
    this.#avatar = 'Listening';
  }

  /** Something may have changed: tells it if it has. */
  look(): void {
    const activity = this.#current();
    if (activity === this.#now) return;
    this.#now = activity;
    this.#parts.onChange(activity);
  }

  #current(): Activity {
    if (this.#parts.speaking()) return 'speaking';
    const { kind } = this.#parts.connection();
    if (kind === 'connecting') return 'connecting';
    if (kind !== 'online') return 'offline';
    return this.#avatar === 'Thinking' || this.#patience !== undefined ? 'thinking' : 'listening';
  }
}
