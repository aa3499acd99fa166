/** A token bucket's size and speed. */
export interface BucketLimits {
  /** Tokens it holds when full, as it is at the start. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** A token bucket over monotonic time: lets bursts through up to its capacity, then a steady rate. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  #tokens: number;
  #updatedAt: number;

  constructor(limits: BucketLimits, nowMs: number) {
    this.#limits = limits;
    this.#tokens = limits.capacity;
    this.#updatedAt = nowMs;
  }

  /** Takes `cost` tokens if there are as many; otherwise takes none and returns false. */
  take(cost: number, nowMs: number): boolean {
    const refill = ((nowMs - this.#updatedAt) / 1000) * this.#limits.refillPerSecond;
    this.#tokens = Math.min(this.#limits.capacity, this.#tokens + refill);
    this.#updatedAt = nowMs;
    if (cost > this.#tokens) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Milliseconds until `cost` tokens will be there, if nobody takes any. */
  waitMs(cost: number): number {
    return Math.max(0, Math.ceil(((cost - this.#tokens) / this.#limits.refillPerSecond) * 1000));
  }
}
