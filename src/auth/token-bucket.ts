/** A token bucket's size and speed. */
export interface BucketLimits {
  /** Tokens it holds when full, as it is at the start. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/**
 * A token bucket over monotonic time: lets bursts through up to its capacity, then a steady rate. It keeps one number,
 * the moment at which it will be full again, in whole microseconds, so that nothing is lost or won by adding up
 * fractions (the generic cell rate algorithm, ITU-T I.371; redis-limiter.ts does the same sum).
 */
export class TokenBucket {
  readonly #limits: BucketLimits;
  #fullAtUs: number;

  constructor(limits: BucketLimits, nowMs: number) {
    this.#limits = limits;
    this.#fullAtUs = toUs(nowMs);
  }

  /** Takes `cost` tokens if there are as many; otherwise takes none and returns false. */
  take(cost: number, nowMs: number): boolean {
    const fullAtUs = this.#fullAfter(cost, nowMs);
    if (fullAtUs - toUs(nowMs) > capacityUs(this.#limits)) return false;
    this.#fullAtUs = fullAtUs;
    return true;
  }

  /** Milliseconds from `nowMs` until `cost` tokens will be there, if nobody takes any. */
  waitMs(cost: number, nowMs: number): number {
    const missingUs = this.#fullAfter(cost, nowMs) - toUs(nowMs) - capacityUs(this.#limits);
    return Math.max(0, Math.ceil(missingUs / 1000));
  }

  #fullAfter(cost: number, nowMs: number): number {
    return Math.max(this.#fullAtUs, toUs(nowMs)) + costUs(cost, this.#limits);
  }
}

/** Microseconds in which `cost` tokens come; rounded so that a burst of all tokens, one by one, fits the capacity. */
export function costUs(cost: number, { refillPerSecond }: BucketLimits): number {
  return Math.floor((cost / refillPerSecond) * 1_000_000);
}

/** Microseconds in which an empty bucket fills up. */
export function capacityUs({ capacity, refillPerSecond }: BucketLimits): number {
  return Math.ceil((capacity / refillPerSecond) * 1_000_000);
}

function toUs(ms: number): number {
  return Math.round(ms * 1000);
}
