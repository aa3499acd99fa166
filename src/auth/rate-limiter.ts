import type { BucketLimits } from './token-bucket.ts';

/** Whether something may pass now; if not, after how many milliseconds it is worth asking again. */
export type Taken = { readonly pass: true } | { readonly pass: false; readonly retryAfterMs: number };

/** Token buckets by name, each full at first; on this node (memory-limiter.ts) or shared by many (redis-limiter.ts). */
export interface RateLimiter {
  /**
   * Takes `cost` tokens from the bucket called `key` if there are as many, none otherwise. Never rejects.
   *
   * @param limits the bucket's; the same for every call with this key.
   */
  take(key: string, cost: number, limits: BucketLimits): Promise<Taken>;
}
