/** A ping must be answered, by whatever message, within this time. */
const ANSWER_WITHIN_MS = 8000;

/** What has gone over a connection since it began; bytes. */
export interface Traffic {
  /** Given to it to be sent. */
  readonly given: number;
  /** Of these, gone out. */
  readonly gone: number;
}

/** What a {@link Liveness} does when it wants to know, and when it knows. */
export interface LivenessParts {
  /** @returns whether it was given to the connection. */
  readonly ping: () => boolean;
  readonly traffic: () => Traffic;
  readonly onDead: () => void;
}

/** A ping whose answer is waited for. */
interface Asked {
  readonly isGiven: boolean;
  /** What was to go out before it (bytes). */
  readonly behind: number;
  /** Of that, what had gone out at the last look. */
  readonly gone: number;
}

/** Finds out that the other side is gone though nobody closed: asks now and then, and expects to hear something. */
export class Liveness {
  readonly #everyMs: number;
  readonly #parts: LivenessParts;
  #rhythm: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(everyMs: number, parts: LivenessParts) {
    this.#everyMs = everyMs;
    this.#parts = parts;
  }

  /** From now on something must be heard. */
  start(): void {
    this.stop();
    this.#rhythm = setInterval(() => this.probe(), this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#rhythm);
    this.heard();
  }

  /** The other side said something. */
  heard(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** Asks now. */
  probe(): void {
    if (this.#deadline !== undefined) return; // it is being asked already
    const { given, gone } = this.#parts.traffic();
    this.#await({ isGiven: this.#parts.ping(), behind: given, gone });
  }

  #await(asked: Asked): void {
    const answerWithinMs = Math.min(ANSWER_WITHIN_MS, this.#everyMs);
    const sinceMs = performance.now();
    this.#deadline = setTimeout(() => {
      this.#deadline = undefined;
      const { gone } = this.#parts.traffic();
      // The time of a ping begins when it has gone out: a slow line takes long for what stands before it.
      const moves = asked.gone < asked.behind && gone > asked.gone;
      // A machine that slept wakes with old timers first and what was sent to it after: ask again.
      const slept = performance.now() - sinceMs > 2 * answerWithinMs;
      if (slept || (moves && !asked.isGiven)) this.probe();
      else if (moves) this.#await({ ...asked, gone });
      else this.#parts.onDead();
    }, answerWithinMs);
  }
}
