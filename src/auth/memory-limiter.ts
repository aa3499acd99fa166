import type { Clock } from '../time/clock.ts';
import type { RateLimiter, Taken } from './rate-limiter.ts';
import { type BucketLimits, TokenBucket } from './token-bucket.ts';

/** Buckets kept at a time; some 20 MB if all are in use. */
export const MAX_BUCKETS = 100_000;

/** Token buckets in this process. The least recently used are forgotten (and so full again) beyond {@link MAX_BUCKETS}. */
export class MemoryLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #maxBuckets: number;
  /** A map hands out its keys in the order in which they came, so the first is the one not used for longest. */
  readonly #buckets = new Map<string, TokenBucket>();
  /** Goes on where it stopped: a new iterator would step over everything deleted at the front, each time. */
  readonly #byLastUse = this.#buckets.keys();

  constructor(clock: Clock, maxBuckets: number = MAX_BUCKETS) {
    this.#clock = clock;
    this.#maxBuckets = maxBuckets;
  }

  /** How many buckets are kept now. */
  get size(): number {
    return this.#buckets.size;
  }

  async take(key: string, cost: number, limits: BucketLimits): Promise<Taken> {
    const nowMs = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? new TokenBucket(limits, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxBuckets) this.#forgetOne();
    return bucket.take(cost, nowMs)
      ? { pass: true }
      : { pass: false, retryAfterMs: bucket.waitMs(cost, nowMs) };
  }

  /** Never at its end: the key just used is still to come. */
  #forgetOne(): void {
    const { value: oldest } = this.#byLastUse.next();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
