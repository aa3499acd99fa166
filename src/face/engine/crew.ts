import type { CancelTimer, Clock } from '../../time/clock.ts';
import { type BreakerState, CircuitBreaker, DEATHS_TO_OPEN, OPEN_FOR_MS } from './circuit-breaker.ts';
import type { InferenceProcess } from './inference-process.ts';
import type { RaisedProcesses } from './pool-size.ts';

/** A process, and whether it has something to do. */
export interface Worker {
  readonly process: InferenceProcess;
  /** Set by whoever gives it a job, until the process has answered. */
  busy: boolean;
  /** It failed at a job: it has ended, or is about to. */
  failed: boolean;
}

/** What a crew is made of, and whom it tells. */
export interface CrewOptions extends RaisedProcesses {
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
  /** {@link Crew.free} may have another answer now. */
  readonly onChange: () => void;
  /** The breaker has opened: nothing will be done for a while. */
  readonly onPause: () => void;
}

/**
 * The processes of a pool. One that dies is replaced at once, the others unmoved; too many deaths open a breaker, after
 * which a single process has to do one job well before the rest comes back.
 */
export class Crew {
  /** How many processes there should be. */
  readonly wanted: number;
  readonly #options: CrewOptions;
  readonly #clock: Clock;
  readonly #breaker = new CircuitBreaker();
  readonly #workers = new Set<Worker>();
  /** Replacements on their way. */
  readonly #starting = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #cancelRetry: CancelTimer | undefined;
  #restarts = 0;

  /** Takes over the members: {@link close} ends them. */
  constructor(options: CrewOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.wanted = options.members.length;
    for (const member of options.members) this.#employ(member);
  }

  get breaker(): BreakerState {
    return this.#breaker.state(this.#clock.now());
  }

  /** Milliseconds until an open breaker tries again. */
  get reopensInMs(): number {
    return Math.max(0, (this.#breaker.reopensAt ?? 0) - this.#clock.now());
  }

  /** Processes alive. */
  get alive(): number {
    return [...this.#workers].filter(({ failed }) => !failed).length;
  }

  /** Processes at work. */
  get busy(): number {
    return [...this.#workers].filter(({ busy }) => busy).length;
  }

  /** Processes started in place of others. */
  get restarts(): number {
    return this.#restarts;
  }

  /** A process that may be given a job now. */
  free(): Worker | undefined {
    const state = this.breaker;
    if (this.#closing.signal.aborted || state === 'open' || (state === 'half-open' && this.busy > 0)) return;
    return [...this.#workers].find(({ busy, failed }) => !busy && !failed);
  }

  /** A job went well. */
  worked(): void {
    if (!this.#breaker.worked(this.#clock.now())) return;
    this.#options.onNotice('Face processes work again.');
    this.#replace();
  }

  /** Kills all and waits until they are gone, those on their way too. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancelRetry?.();
    await Promise.all([...[...this.#workers].map(({ process }) => process.close()), ...this.#starting]);
  }

  #employ(process: InferenceProcess): void {
    const worker: Worker = { process, busy: false, failed: false };
    this.#workers.add(worker);
    void process.ended.then((reason) => {
      worker.failed = true;
      this.#workers.delete(worker);
      this.#lost(reason);
    });
  }

  #lost(reason: string): void {
    if (this.#closing.signal.aborted) return;
    const before = this.breaker;
    this.#options.onNotice(`Lost a face process: ${reason}.`);
    this.#breaker.died(this.#clock.now());
    if (this.breaker === 'open' && before !== 'open') this.#pause();
    this.#replace();
    this.#options.onChange();
  }

  #pause(): void {
    this.#options.onNotice(
      `Face processes keep dying (${DEATHS_TO_OPEN} in a minute): a plainer face for ${OPEN_FOR_MS / 1000} s.`,
    );
    this.#cancelRetry = this.#clock.at(this.#clock.now() + this.reopensInMs, () => this.#replace());
    this.#options.onPause();
  }

  /** Starts what is missing, as far as the breaker lets it. */
  #replace(): void {
    const state = this.breaker;
    if (this.#closing.signal.aborted || state === 'open') return;
    const target = state === 'half-open' ? 1 : this.wanted;
    while (this.#workers.size + this.#starting.size < target) {
      this.#restarts += 1;
      const starting = this.#startOne().then((failure) => {
        this.#starting.delete(starting);
        if (failure === undefined) this.#options.onChange();
        else this.#lost(failure);
      });
      this.#starting.add(starting);
    }
  }

  /** Returns why it failed, or undefined. */
  async #startOne(): Promise<string | undefined> {
    try {
      const process = await this.#options.spawnAnother(this.#closing.signal);
      const same =
        process.report.shape.windowSamples === this.#options.members[0]?.report.shape.windowSamples;
      if (same && !this.#closing.signal.aborted) {
        this.#employ(process);
        return undefined;
      }
      await process.close();
      return 'the model on disk is another one now';
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}
