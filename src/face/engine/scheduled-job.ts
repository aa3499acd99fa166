import type { WindowJob } from './inference.ts';

/** One window on its way through the pool. Settles exactly once, whatever happens to it first. */
export class ScheduledJob {
  readonly samples: Float32Array;
  readonly dueAt: number;
  /** Monotonic milliseconds at which it came. */
  readonly since: number;
  /** How often a process has been tried on it. */
  tries = 0;
  readonly #promise = Promise.withResolvers<Float32Array>();
  readonly #signal: AbortSignal;
  readonly #onSettled: (job: ScheduledJob) => void;
  #isSettled = false;

  /** @param onSettled called once, before the one who asked hears of it. */
  constructor({ samples, dueAt, signal }: WindowJob, since: number, onSettled: (job: ScheduledJob) => void) {
    this.samples = samples;
    this.dueAt = dueAt;
    this.since = since;
    this.#signal = signal;
    this.#onSettled = onSettled;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether its outcome is known; what comes later is ignored. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** What the one who asked waits for. */
  get result(): Promise<Float32Array> {
    return this.#promise.promise;
  }

  succeed(weights: Float32Array): void {
    if (this.#settle()) this.#promise.resolve(weights);
  }

  fail(reason: unknown): void {
    if (this.#settle()) this.#promise.reject(reason);
  }

  readonly #abort = () => this.fail(this.#signal.reason);

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#signal.removeEventListener('abort', this.#abort);
    this.#onSettled(this);
    return true;
  }
}
