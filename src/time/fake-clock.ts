import type { CancelTimer, Clock } from './clock.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when told to: tests run hours in milliseconds and never sleep.
 * Starts at 0 monotonic, and at 2026-01-01 on the wall.
 */
export class FakeClock implements Clock {
  #now = 0;
  #wallOffsetMs = Date.UTC(2026, 0, 1);
  #timers: Timer[] = [];
  #created = 0;

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return this.#now + this.#wallOffsetMs;
  }

  /** Timers that have not fired: a test that ends with some has found a leak. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  at(atMs: number, callback: () => void): CancelTimer {
    this.#created += 1;
    const timer: Timer = { atMs, order: this.#created, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        cancel();
        reject(signal.reason);
      };
      const cancel = this.at(this.#now + ms, () => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves the wall clock alone, as an administrator or NTP does. */
  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Moves time on, firing timers in order, and lets promises settle before, between and after them. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.atMs);
      due.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Moves time on in one leap without firing anything on the way, like a process that was stopped. */
  async freeze(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }

  #next(until: number): Timer | undefined {
    return this.#timers
      .filter((timer) => timer.atMs <= until)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}

/** Lets every promise that can settle do so: setImmediate runs after the microtask queue is empty. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
