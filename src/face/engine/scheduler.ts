import { InferenceError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import { Crew, type Worker } from './crew.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { Inference, ModelShape, WindowJob } from './inference.ts';
import { LoadMeter } from './load-meter.ts';
import type { RaisedProcesses } from './pool-size.ts';
import type { PoolStats } from './pool-stats.ts';
import { RunTimes } from './run-times.ts';
import { ScheduledJob } from './scheduled-job.ts';

/** Jobs that may wait: two for each of far more voices than a machine carries. */
export const MAX_WAITING_JOBS = 256;

/**
 * A process is taken for hung when a window takes this often the 95th percentile, or this often the median: a machine
 * that is busy for a second must not cost processes, which cost it more. Never before a second.
 */
const HUNG_AFTER_P95 = 2;
const HUNG_AFTER_MEDIANS = 8;
const HUNG_AFTER_AT_LEAST_MS = 1000;

/** A job whose process died is tried once more. */
const MAX_TRIES = 2;

/** What a scheduler works with. */
export interface SchedulerOptions extends RaisedProcesses {
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
}

/** Gives each free process the most urgent job of all voices. Whoever made it closes it. */
export class Scheduler implements Inference {
  readonly shape: ModelShape;
  readonly #clock: Clock;
  readonly #threads: number;
  readonly #queue = new DeadlineQueue<ScheduledJob>(MAX_WAITING_JOBS);
  readonly #running = new Set<ScheduledJob>();
  readonly #crew: Crew;
  readonly #times: RunTimes;
  readonly #load: LoadMeter;
  #isClosed = false;
  #runs = 0;
  #failures = 0;
  #deadlineMisses = 0;

  /** Takes over the members, of which there is at least one: {@link close} ends them. */
  constructor(options: SchedulerOptions) {
    const [first] = options.members;
    if (first === undefined) throw new InferenceError('face_failed', 'there is no face process');
    this.#clock = options.clock;
    this.#threads = options.threads;
    this.shape = first.report.shape;
    this.#times = new RunTimes(options.members.flatMap(({ report }) => report.runMs));
    this.#load = new LoadMeter(this.#clock.now());
    this.#crew = new Crew({
      ...options,
      onChange: () => this.#dispatch(),
      onPause: () => this.#failWaiting(),
    });
  }

  get windowMs(): { readonly p50: number; readonly p95: number } {
    return this.#times.summary;
  }

  get ready(): boolean {
    return this.#refusal() === undefined && this.#crew.alive > 0;
  }

  /** A picture of this moment. */
  get stats(): PoolStats {
    const nowMs = this.#clock.now();
    return {
      processes: this.#crew.alive,
      wanted: this.#crew.wanted,
      threads: this.#threads,
      waiting: this.#queue.size,
      oldestWaitMs: nowMs - (this.#queue.oldestSince ?? nowMs),
      running: this.#crew.busy,
      runs: this.#runs,
      failures: this.#failures,
      deadlineMisses: this.#deadlineMisses,
      restarts: this.#crew.restarts,
      breaker: this.#crew.breaker,
      utilisation: this.#load.average(nowMs),
    };
  }

  run(window: WindowJob): Promise<Float32Array> {
    if (window.signal.aborted) return Promise.reject(window.signal.reason);
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#failures += 1;
      return Promise.reject(refusal);
    }
    const job = new ScheduledJob(window, this.#clock.now(), (settled) => this.#settled(settled));
    this.#enqueue(job);
    return job.result;
  }

  /** Fails what waits and runs, kills the processes and waits until they are gone. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#failWaiting();
    for (const job of this.#running) this.#fail(job, this.#refusal());
    await this.#crew.close();
  }

  /** Why no job is taken now; undefined if jobs are. */
  #refusal(): InferenceError | undefined {
    if (this.#isClosed) return new InferenceError('face_failed', 'the face engine is closed');
    if (this.#crew.breaker !== 'open') return undefined;
    const retryAfterMs = this.#crew.reopensInMs;
    return new InferenceError('face_failed', 'the face processes keep dying', {
      retryable: true,
      retryAfterMs,
    });
  }

  #enqueue(job: ScheduledJob): void {
    const crowdedOut = this.#queue.add(job);
    if (crowdedOut !== undefined)
      this.#fail(crowdedOut, new InferenceError('face_failed', 'too many windows wait', { retryable: true }));
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.size > 0) {
      const worker = this.#crew.free();
      const job = worker && this.#queue.take();
      if (worker === undefined || job === undefined) break;
      void this.#work(worker, job);
    }
    this.#load.set(Math.min(1, this.#crew.busy / this.#crew.wanted), this.#clock.now());
  }

  async #work(worker: Worker, job: ScheduledJob): Promise<void> {
    worker.busy = true;
    job.tries += 1;
    this.#running.add(job);
    const startMs = this.#clock.now();
    try {
      const weights = await worker.process.run(job.samples, this.#hungAfterMs());
      this.#runs += 1;
      this.#times.add(this.#clock.now() - startMs);
      this.#crew.worked();
      job.succeed(weights);
    } catch (error) {
      worker.failed = true;
      if (this.#mayRetry(job, error)) this.#enqueue(job);
      else this.#fail(job, error);
    } finally {
      this.#running.delete(job);
      worker.busy = false;
      this.#dispatch();
    }
  }

  #hungAfterMs(): number {
    const { p50, p95 } = this.windowMs;
    return Math.max(HUNG_AFTER_AT_LEAST_MS, HUNG_AFTER_P95 * p95, HUNG_AFTER_MEDIANS * p50);
  }

  /** Another process may do better where this one died; where the model gave nonsense, it will again. */
  #mayRetry(job: ScheduledJob, error: unknown): boolean {
    const died = error instanceof InferenceError && error.retryable;
    const inTime = this.#clock.now() + this.windowMs.p50 <= job.dueAt;
    return died && inTime && !job.isSettled && job.tries < MAX_TRIES && this.#refusal() === undefined;
  }

  #failWaiting(): void {
    for (const job of this.#queue.clear()) this.#fail(job, this.#refusal());
  }

  #fail(job: ScheduledJob, error: unknown): void {
    if (!job.isSettled) this.#failures += 1;
    job.fail(error);
  }

  #settled(job: ScheduledJob): void {
    this.#queue.remove(job);
    if (this.#clock.now() > job.dueAt) this.#deadlineMisses += 1;
  }
}
