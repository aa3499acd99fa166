import { isOrigin } from '../protocol/origin.ts';
import { addressKey } from './address-key.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { BucketLimits } from './token-bucket.ts';
import type { Visitor } from './visitor.ts';

/** How often one may come. */
export interface RateLimits {
  readonly connectsPerOrigin: BucketLimits;
  readonly connectsPerAddress: BucketLimits;
  readonly tokensPerAddress: BucketLimits;
  /** How often one may be refused, and read why. */
  readonly refusalsPerAddress: BucketLimits;
}

/** Who comes too often, and when to come back. */
export interface RateFault {
  readonly reason: 'address_rate' | 'origin_rate';
  readonly retryAfterMs: number;
}

/** The third layer: nobody comes too often, neither from one network address nor from one page. */
export class Rates {
  readonly #limiter: RateLimiter;
  readonly #local: RateLimiter;
  readonly #limits: RateLimits;

  /**
   * @param limiter counts those who come in.
   * @param local counts those who are refused, on this node: they are not worth a question to others.
   */
  constructor(limiter: RateLimiter, local: RateLimiter, limits: RateLimits) {
    this.#limiter = limiter;
    this.#local = local;
    this.#limits = limits;
  }

  /** Counts a connection; the address first, so that one address cannot use up what a page has for everybody. */
  async connect(visitor: Visitor): Promise<RateFault | undefined> {
    const { connectsPerAddress, connectsPerOrigin } = this.#limits;
    const addressFault = await this.#take(
      'address_rate',
      `connect:address:${addressKey(visitor.address)}`,
      connectsPerAddress,
    );
    // What has no origin is no page, and has nothing to share with others that have none.
    if (addressFault !== undefined || visitor.origin === undefined) return addressFault;
    return this.#take('origin_rate', `connect:origin:${originKey(visitor.origin)}`, connectsPerOrigin);
  }

  /** Counts a request for a token. */
  token(visitor: Visitor): Promise<RateFault | undefined> {
    const key = `token:address:${addressKey(visitor.address)}`;
    return this.#take('address_rate', key, this.#limits.tokensPerAddress);
  }

  /** Counts a refusal, of a connection or a token, for whatever reason. */
  refusal(visitor: Visitor): Promise<RateFault | undefined> {
    const key = `refusal:address:${addressKey(visitor.address)}`;
    return this.#take('address_rate', key, this.#limits.refusalsPerAddress, this.#local);
  }

  async #take(
    reason: RateFault['reason'],
    key: string,
    limits: BucketLimits,
    limiter: RateLimiter = this.#limiter,
  ): Promise<RateFault | undefined> {
    const taken = await limiter.take(key, 1, limits);
    return taken.pass ? undefined : { reason, retryAfterMs: taken.retryAfterMs };
  }
}

/** Without authentication an origin may be any text of any length; those that are none share a bucket. */
function originKey(origin: string): string {
  return isOrigin(origin) ? origin : 'malformed';
}
