/** Whether processes are started and jobs taken: always, not at all, or one at a time to see whether it works again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** This many deaths within {@link WITHIN_MS} and it opens. */
export const DEATHS_TO_OPEN = 5;
const WITHIN_MS = 60_000;

/** How long it stays open. */
export const OPEN_FOR_MS = 60_000;

/**
 * Stops a pool whose processes keep dying from starting ever new ones. Pure arithmetic over the monotonic time it is
 * told; its owner asks for the state again at {@link reopensAt}.
 */
export class CircuitBreaker {
  #deaths: number[] = [];
  #openUntil: number | undefined;

  state(nowMs: number): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return nowMs < this.#openUntil ? 'open' : 'half-open';
  }

  /** Monotonic milliseconds at which an open breaker tries again; undefined while it is closed. */
  get reopensAt(): number | undefined {
    return this.#openUntil;
  }

  /** A process died or did not come up. */
  died(nowMs: number): void {
    this.#deaths = [...this.#deaths.filter((atMs) => atMs > nowMs - WITHIN_MS), nowMs];
    const state = this.state(nowMs);
    if (state === 'half-open' || (state === 'closed' && this.#deaths.length >= DEATHS_TO_OPEN))
      this.#openUntil = nowMs + OPEN_FOR_MS;
  }

  /** A job went well: half-open closes, with a clean slate. Returns whether that was so. */
  worked(nowMs: number): boolean {
    if (this.state(nowMs) !== 'half-open') return false;
    this.#openUntil = undefined;
    this.#deaths = [];
    return true;
  }
}
