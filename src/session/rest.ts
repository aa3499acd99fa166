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
}

interface Waiter {
  readonly untilMs: number;
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
    return new Promise((resolve) => {
      const { clock } = this.#options;
      const untilMs = clock.now() + PATIENCE_MS;
      const cancelTimer = clock.at(untilMs, () => this.look());
      this.#waiting = [...this.#waiting, { untilMs, cancelTimer, resolve }];
      this.look();
    });
  }

  /** Something has come to its end: whoever waits for that is told. */
  look(): void {
    const { clock, signal, answering, expecting } = this.#options;
    const nowMs = clock.now();
    const isAnswering = !signal.aborted && answering();
    const isExpecting = !signal.aborted && expecting();
    const stays = ({ untilMs }: Waiter) => isAnswering || (isExpecting && nowMs < untilMs);
    const done = this.#waiting.filter((waiter) => !stays(waiter));
    this.#waiting = this.#waiting.filter(stays);
    for (const { cancelTimer, resolve } of done) {
      cancelTimer();
      resolve();
    }
  }
}
