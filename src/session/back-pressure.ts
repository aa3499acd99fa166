/** The agent is held back while more than this much sound waits for the client. */
export const MAX_HELD_MS = 5 * 60_000;

/** Lets agents wait while too much sound is held. Owned by the session. */
export class BackPressure {
  #heldMs = 0;
  readonly #waiting = new Set<() => void>();

  /** The sound held now, after every change of it. */
  update(heldMs: number): void {
    this.#heldMs = heldMs;
    if (heldMs > MAX_HELD_MS) return;
    for (const resume of this.#waiting) resume();
  }

  /** Resolves when little enough is held; rejects with the signal's reason. */
  ready(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#heldMs <= MAX_HELD_MS) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => () => {
        this.#waiting.delete(resume);
        signal.removeEventListener('abort', abort);
        then();
      };
      const resume = settle(resolve);
      const abort = settle(() => reject(signal.reason));
      this.#waiting.add(resume);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
