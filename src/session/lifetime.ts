import { LimitError } from '../errors.ts';
import type { CancelTimer, Clock } from '../time/clock.ts';

/** An answer that is running when a session has reached its age may go on for this long. */
const LAST_ANSWER_MS = 120_000;

/** What a {@link Lifetime} watches. */
export interface LifetimeOptions {
  readonly clock: Clock;
  /** A client that says nothing at all for this long is gone; undefined for no limit. */
  readonly idleMs: number | undefined;
  /** A session this old ends with its running answer; undefined for no limit. */
  readonly maxAgeMs: number | undefined;
  /** Monotonic time at which the client was last heard. */
  readonly heardAtMs: () => number;
  /** Whether an answer is playing. */
  readonly speaking: () => boolean;
  /** Resolves when nobody would be cut off. */
  readonly quiet: () => Promise<void>;
  /** The session is to end, for this reason; called once. */
  readonly onOver: (error: LimitError) => void;
}

/** Ends a session that nobody uses, or that has lasted long enough. Owned by whoever admitted it, who stops it. */
export class Lifetime {
  readonly #options: LifetimeOptions;
  readonly #over = new AbortController();
  /** Since when the session counts as unused: its beginning, then the end of each answer. */
  #usedAtMs: number;
  #cancelIdle: CancelTimer = () => undefined;
  #cancelAge: CancelTimer = () => undefined;

  constructor(options: LifetimeOptions) {
    const { clock, idleMs, maxAgeMs } = options;
    this.#options = options;
    this.#usedAtMs = clock.now();
    if (idleMs !== undefined) this.#watchFrom(idleMs);
    if (maxAgeMs !== undefined) this.#cancelAge = clock.at(clock.now() + maxAgeMs, () => void this.#age());
  }

  /** The session is over by itself. */
  stop(): void {
    this.#over.abort();
    this.#cancelIdle();
    this.#cancelAge();
  }

  /** Looks again when the client could have been silent for long enough: hearing it needs no timer of its own. */
  #watchFrom(idleMs: number): void {
    if (this.#over.signal.aborted) return;
    const { clock, heardAtMs } = this.#options;
    const idleAtMs = Math.max(this.#usedAtMs, heardAtMs()) + idleMs;
    if (clock.now() >= idleAtMs) this.#end(new LimitError('session_idle', 'nothing heard for too long'));
    else this.#cancelIdle = clock.at(idleAtMs, () => void this.#look(idleMs));
  }

  async #look(idleMs: number): Promise<void> {
    const { clock, speaking, quiet } = this.#options;
    if (speaking()) {
      await quiet(); // who listens to a long answer is not idle
      this.#usedAtMs = clock.now();
    }
    this.#watchFrom(idleMs);
  }

  async #age(): Promise<void> {
    const { clock, quiet } = this.#options;
    const patience = clock.sleep(LAST_ANSWER_MS, this.#over.signal).catch(() => undefined); // over before
    await Promise.race([quiet(), patience]);
    this.#end(new LimitError('session_expired', 'reached the maximum age'));
  }

  #end(error: LimitError): void {
    if (this.#over.signal.aborted) return;
    this.stop();
    this.#options.onOver(error);
  }
}
