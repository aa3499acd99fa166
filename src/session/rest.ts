import type { CancelTimer, Clock } from '../time/clock.ts';

/** An answer that is still to come is waited for this long, from when somebody wants the conversation to rest. */
const PATIENCE_MS = 20_000;

/** What a {@link Rest} looks at. */
export interface RestOptions {
  readonly clock: Clock;
  /** The conversation is over: it rests. */
  readonly signal: AbortSignal;
  /** Whether an answer is playing, waiting, or announced: it is waited for to its end. */
  readonly answering: () => boolean;
  /** Whether an answer is to be expected: the user speaks, has asked something, or a tool runs. */
  readonly expecting: () => boolean;
  /** How often the user has begun something: spoken, typed, interrupted. */
  readonly begun: () => number;
}

interface Waiter {
  readonly untilMs: number;
  /** When the user begins something beyond these, nothing more is expected; undefined: then that is waited for. */
  readonly begun: number | undefined;
  readonly cancelTimer: CancelTimer;
  readonly resolve: () => void;
}

/** The moments at which a conversation may be ended or its agent changed without anybody being cut off. */
export class Rest {
  readonly #options: RestOptions;
  #waiting: readonly Waiter[] = [];

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** Resolves when nothing is under way. What is only expected is not waited for without end. */
  whenQuiet(): Promise<void> {
    return this.#wait(undefined);
  }

  /**
   * Resolves when what is under way now is over: answers to their end, and those that are expected. What the user begins
   * after that is not waited for, or who is never at a loss for a word would never be done.
   */
  whenAnswered(): Promise<void> {
    return this.#wait(this.#options.begun());
  }

  /** Something has come to its end: whoever waits for that is told. */
  look(): void {
    const { clock, signal, answering, expecting, begun } = this.#options;
    const nowMs = clock.now();
    const isAnswering = !signal.aborted && answering();
    const isExpecting = !signal.aborted && expecting();
    const expects = (waiter: Waiter) => nowMs < waiter.untilMs && (waiter.begun ?? begun()) === begun();
    const stays = (waiter: Waiter) => isAnswering || (isExpecting && expects(waiter));
    const done = this.#waiting.filter((waiter) => !stays(waiter));
    this.#waiting = this.#waiting.filter(stays);
    for (const { cancelTimer, resolve } of done) {
      cancelTimer();
      resolve();
    }
  }

  #wait(begun: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const { clock } = this.#options;
      const untilMs = clock.now() + PATIENCE_MS;
      const cancelTimer = clock.at(untilMs, () => this.look());
      this.#waiting = [...this.#waiting, { untilMs, begun, cancelTimer, resolve }];
      this.look();
    });
  }
}
