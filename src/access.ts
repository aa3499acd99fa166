import { randomBytes } from 'node:crypto';
import { Audit } from './auth/audit.ts';
import { Door } from './auth/door.ts';
import { MemoryLimiter } from './auth/memory-limiter.ts';
import { OriginCheck } from './auth/origin.ts';
import { type RateLimits, Rates } from './auth/rates.ts';
import { RedisLimiter } from './auth/redis-limiter.ts';
import { Tokens } from './auth/token.ts';
import type { Config } from './config/config.ts';
import type { Logger } from './log.ts';
import type { ScriptRunner } from './redis/redis-link.ts';
import type { Clock } from './time/clock.ts';

/** As many bytes as an HMAC-SHA256 has; fewer make the key the weakest part (RFC 2104 section 3). */
const MIN_SECRET_BYTES = 32;

/**
 * How often one address may be refused, for whatever reason: enough for an office whose pages all hold an expired token,
 * and try again.
 */
const REFUSALS_PER_ADDRESS = { capacity: 300, refillPerSecond: 2 } as const;

/** What {@link createDoor} needs. */
export interface AccessParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where all nodes keep their buckets; undefined for a node that is alone. */
  readonly redis: ScriptRunner | undefined;
}

/** Puts the layers of the door together as the settings say. */
export function createDoor({ config, clock, log, redis }: AccessParts): Door {
  const memory = new MemoryLimiter(clock);
  const limiter = redis === undefined ? memory : new RedisLimiter(redis, memory);
  return new Door({
    auth: config.AUTH_ENABLED
      ? {
          origins: new OriginCheck(config.AUTH_ALLOWED_ORIGINS),
          tokens: new Tokens(secretOf(config, log), config.AUTH_TOKEN_TTL, clock),
        }
      : undefined,
    rates: config.AUTH_ENABLE_RATE_LIMITING ? new Rates(limiter, memory, rateLimits(config)) : undefined,
    audit: new Audit(log, clock),
    clock,
  });
}

function secretOf({ AUTH_SECRET_KEY: secret }: Config, log: Logger): string {
  if (secret === undefined) {
    log.warn(
      'AUTH_SECRET_KEY is not set: a key was made, so tokens end with this process and hold on this node alone',
    );
    return randomBytes(MIN_SECRET_BYTES).toString('hex');
  }
  const bytes = Buffer.byteLength(secret);
  if (bytes < MIN_SECRET_BYTES) {
    log.warn(
      { bytes },
      `AUTH_SECRET_KEY IS TOO SHORT: whoever guesses it can make tokens; use at least ${MIN_SECRET_BYTES} random bytes`,
    );
  }
  return secret;
}

function rateLimits(config: Config): RateLimits {
  return {
    connectsPerOrigin: {
      capacity: config.RATE_LIMIT_ORIGIN_BURST,
      refillPerSecond: config.RATE_LIMIT_ORIGIN_PER_SECOND,
    },
    connectsPerAddress: {
      capacity: config.RATE_LIMIT_ADDRESS_BURST,
      refillPerSecond: config.RATE_LIMIT_ADDRESS_PER_SECOND,
    },
    tokensPerAddress: {
      capacity: config.RATE_LIMIT_TOKEN_BURST,
      refillPerSecond: config.RATE_LIMIT_TOKEN_PER_SECOND,
    },
    refusalsPerAddress: REFUSALS_PER_ADDRESS,
  };
}
