import type { CancelTimer, Clock } from '../time/clock.ts';

/** What a process carries now. */
export interface Load {
  /** Share of the memory it may use, 0..1. */
  readonly memoryShare: number;
  /** How late its event loop was in the last second, 99th percentile. */
  readonly loopDelayP99Ms: number;
}

const LOOK_EVERY_MS = 1000;

/** Beyond this share of memory nobody is let in; below the other one they are again. */
const MEMORY_FULL = 0.85;
const MEMORY_FREE = 0.8;

/** A loop that is late for so many looks in a row is overloaded; one that is less than half as late for as many is not. */
const LATE_LOOKS = 5;

/** What an {@link Overload} watches. */
export interface OverloadOptions {
  readonly clock: Clock;
  readonly read: () => Load;
  /** The event loop may be this late; undefined: that is not looked at. */
  readonly maxLoopDelayMs: number | undefined;
  /** It has begun, or ended. */
  readonly onChange: (overloaded: boolean, load: Load) => void;
}

/**
 * Says whether the process can take on more. Whoever is in stays; only newcomers are turned away, so that sound goes on
 * in time for those who hear it. Owned by the app, which stops it.
 */
export class Overload {
  readonly #options: OverloadOptions;
  #memoryIsFull = false;
  #loopIsLate = false;
  /** Looks in a row that speak against the verdict on the loop. */
  #contrary = 0;
  #cancelTimer: CancelTimer;

  constructor(options: OverloadOptions) {
    this.#options = options;
    this.#cancelTimer = this.#lookSoon();
  }

  /** Whether nobody more should be let in. */
  get overloaded(): boolean {
    return this.#memoryIsFull || this.#loopIsLate;
  }

  /** Looks no more. */
  stop(): void {
    this.#cancelTimer();
  }

  #lookSoon(): CancelTimer {
    const { clock } = this.#options;
    return clock.at(clock.now() + LOOK_EVERY_MS, () => {
      this.#look(this.#options.read());
      this.#cancelTimer = this.#lookSoon();
    });
  }

  #look(load: Load): void {
    const before = this.overloaded;
    this.#memoryIsFull = load.memoryShare > (this.#memoryIsFull ? MEMORY_FREE : MEMORY_FULL);
    this.#judgeLoop(load.loopDelayP99Ms);
    if (this.overloaded !== before) this.#options.onChange(this.overloaded, load);
  }

  #judgeLoop(delayMs: number): void {
    const { maxLoopDelayMs } = this.#options;
    if (maxLoopDelayMs === undefined) return;
    const contrary = this.#loopIsLate ? delayMs < maxLoopDelayMs / 2 : delayMs > maxLoopDelayMs;
    this.#contrary = contrary ? this.#contrary + 1 : 0;
    if (this.#contrary < LATE_LOOKS) return;
    this.#contrary = 0;
    this.#loopIsLate = !this.#loopIsLate;
  }
}
