import { setTimeout as delay } from 'node:timers/promises';

/** Cancels a timer; calling it late or twice does nothing. */
export type CancelTimer = () => void;

/** The only source of time: real in the server, driven by hand in tests (fake-clock.ts). */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary start; never jumps. For everything but timestamps and expiry. */
  now(): number;
  /** Unix milliseconds, for timestamps on the wire. */
  wallNow(): number;
  /** Calls `callback` once, when {@link Clock.now} has reached `atMs`. */
  at(atMs: number, callback: () => void): CancelTimer;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. Its timers do not keep the process alive. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    at: (atMs, callback) => {
      const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
      timer.unref();
      return () => clearTimeout(timer);
    },
    // Node rejects with an error of its own that only wraps the signal's reason.
    sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }).catch(() => signal.throwIfAborted()),
  };
}
