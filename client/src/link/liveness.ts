/** A ping must be answered, by whatever message, within this time. */
const ANSWER_WITHIN_MS = 8000;

/** What a {@link Liveness} does when it wants to know, and when it knows. */
export interface LivenessParts {
  readonly ping: () => void;
  readonly onDead: () => void;
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
    const answerWithinMs = Math.min(ANSWER_WITHIN_MS, this.#everyMs);
    const askedAtMs = performance.now();
    this.#parts.ping();
    this.#deadline = setTimeout(() => {
      this.#deadline = undefined;
      // A machine that slept wakes with old timers first and what was sent to it after: ask again.
      const slept = performance.now() - askedAtMs > 2 * answerWithinMs;
      if (slept) this.probe();
      else this.#parts.onDead();
    }, answerWithinMs);
  }
}
