import type { WebSocket } from 'ws';
import type { Clock } from '../../time/clock.ts';

/** More messages than this in a second are read in the next one: forty times what fluent speech takes. */
const MAX_MESSAGES_PER_S = 2000;

/** What an {@link Intake} needs. */
export interface IntakeOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Resolves when more sound is wanted. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
}

/**
 * Reads an agent's socket no faster than is good for everybody: pauses it while enough sound is held, and when it is
 * flooded. What waits, waits at the agent; nothing is dropped.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #reasons = new Set<'sound' | 'flood'>();
  #secondEndsAt = 0;
  #messages = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Whether the agent is kept waiting. */
  get paused(): boolean {
    return this.#reasons.size > 0;
  }

  /** A message has come in. */
  counted(): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (now >= this.#secondEndsAt) {
      this.#secondEndsAt = now + 1000;
      this.#messages = 0;
    }
    this.#messages += 1;
    if (this.#messages !== MAX_MESSAGES_PER_S) return;
    this.#pause('flood');
    clock.at(this.#secondEndsAt, () => this.#resume('flood'));
  }

  /** Sound has been handed on: reads on when more is wanted. */
  heard(): void {
    if (this.#reasons.has('sound')) return;
    const { ready, signal } = this.#options;
    this.#pause('sound');
    ready(signal).then(
      () => this.#resume('sound'),
      () => undefined, // the conversation is over
    );
  }

  #pause(reason: 'sound' | 'flood'): void {
    this.#reasons.add(reason);
    this.#options.socket.pause();
  }

  #resume(reason: 'sound' | 'flood'): void {
    this.#reasons.delete(reason);
    if (!this.paused) this.#options.socket.resume();
  }
}
