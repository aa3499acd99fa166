import type { ScriptRunner } from '../redis/redis-link.ts';
import { redisScript } from '../redis/redis-script.ts';
import type { RateLimiter, Taken } from './rate-limiter.ts';
import { type BucketLimits, capacityUs, costUs } from './token-bucket.ts';

/** What stands before each key, so that others may use the same database. */
const PREFIX = 'avatar-chat:bucket:';

/**
 * The sum of token-bucket.ts over Redis' own clock, so that the nodes' clocks do not matter. What is kept is the moment
 * (µs) at which the bucket will be full again; then the key is not needed any more, and expires. Answers the µs to wait.
 */
const TAKE = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost = tonumber(ARGV[1])
local capacity = tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now then full = now end
if full > now + capacity then full = now + capacity end -- Redis' clock was set back
local after = full + cost
if after - now > capacity then return after - now - capacity end
if after > now then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
return 0
`);

/** Token buckets in Redis, one budget for all nodes; while Redis is away, those of this node alone. */
export class RedisLimiter implements RateLimiter {
  readonly #redis: ScriptRunner;
  readonly #own: RateLimiter;

  /** @param own is asked while Redis is away; it hears of all that passes, so that an outage is no fresh budget. */
  constructor(redis: ScriptRunner, own: RateLimiter) {
    this.#redis = redis;
    this.#own = own;
  }

  async take(key: string, cost: number, limits: BucketLimits): Promise<Taken> {
    const args = [String(costUs(cost, limits)), String(capacityUs(limits))];
    const waitUs = await this.#redis.run(TAKE, [PREFIX + key], args);
    if (typeof waitUs !== 'number') return this.#own.take(key, cost, limits);
    if (waitUs > 0) return { pass: false, retryAfterMs: Math.ceil(waitUs / 1000) };
    await this.#own.take(key, cost, limits);
    return { pass: true };
  }
}
