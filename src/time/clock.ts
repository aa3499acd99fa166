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

/** The longest delay (ms) a timer of the system takes; with a longer one it would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's own clock. Its timers do not keep the process alive. */
export function systemClock(): Clock {
  return { now: () => performance.now(), wallNow: () => Date.now(), at, sleep };
}

/** The system counts whole milliseconds, from a moment just past: a timer that comes early is set again. */
function at(atMs: number, callback: () => void): CancelTimer {
  let timer: NodeJS.Timeout;
  const arm = () => {
    const delayMs = Math.max(0, Math.ceil(atMs - performance.now()));
    timer = setTimeout(ring, Math.min(delayMs, MAX_DELAY_MS)).unref();
  };
  const ring = () => {
    if (performance.now() < atMs) arm();
    else callback();
  };
  arm();
  return () => clearTimeout(timer);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const cancel = at(performance.now() + ms, () => {
      signal.removeEventListener('abort', wake);
      resolve();
    });
    const wake = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', wake, { once: true });
  });
}
