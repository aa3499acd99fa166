import type { Clock } from './clock.ts';

/**
 * Lets one loop sleep until something happens, a time comes, or all is over, whichever is first; the loop then looks
 * at the world itself. A wake that comes while nobody sleeps is kept for the next sleep.
 */
export class Wakeup {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #pending = false;
  #resume: (() => void) | undefined;

  /** @param signal its abort wakes the sleeper for good; the owner checks it. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** Something happened. */
  wake(): void {
    if (this.#resume === undefined) this.#pending = true;
    else this.#resume();
  }

  /** Sleeps until {@link wake}, until the clock shows `atMs` (may be infinite), or until the signal aborts. */
  sleep(atMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#pending || this.#signal.aborted) {
      this.#pending = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const resume = () => {
        this.#resume = undefined;
        cancelTimer?.();
        resolve();
      };
      const cancelTimer = Number.isFinite(atMs) ? this.#clock.at(atMs, resume) : undefined;
      this.#resume = resume;
    });
  }
}
