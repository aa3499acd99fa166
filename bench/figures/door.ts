import { createHmac } from 'node:crypto';
import { MemoryLimiter } from '../../src/auth/memory-limiter.ts';
import type { RateLimiter } from '../../src/auth/rate-limiter.ts';
import { RedisLimiter } from '../../src/auth/redis-limiter.ts';
import { Tokens } from '../../src/auth/token.ts';
import type { RedisLink } from '../../src/redis/redis-link.ts';
import { redisScript } from '../../src/redis/redis-script.ts';
import { InboundLimit } from '../../src/session/inbound-limit.ts';
import { type Clock, systemClock } from '../../src/time/clock.ts';
import { REDIS_MISSING, TestRedis } from '../../test/support/redis.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { pairedUs } from '../paired.ts';
import { summarise } from '../stats.ts';

const VERIFY_LIMIT_US = 50;
const MESSAGE_LIMIT_US = 10;
const ORIGIN = 'https://page.example';
const SECRET = 'a secret of at least thirty-two bytes';

/** Everything passes: what a refusal costs is not what is asked here. */
const WIDE = { capacity: 1_000_000, refillPerSecond: 1_000_000 };
const KEYS = Array.from({ length: 1000 }, (_, index) => `connect:address:192.0.2.${index}`);
const ROUND_TRIPS = 1000;
const AT_ONCE = 50;

/** What it costs to check who comes, and how often. */
export const door: Figure = {
  name: 'door',
  title: 'Checks of tokens and limits, work of one core (median of 41 paired rounds)',
  run: async () => [...(await checkRows()), ...(await redisRows())],
};

async function checkRows(): Promise<Row[]> {
  const clock = systemClock();
  const tokens = new Tokens(SECRET, 3600, clock);
  const token = tokens.issue(ORIGIN);
  const inbound = new InboundLimit(unhurried());
  const memory = new MemoryLimiter(clock);
  const us = await pairedUs(
    {
      verify: repeat(() => tokens.fault(token, ORIGIN)),
      hmac: repeat(() => createHmac('sha256', SECRET).update(`1795354103:${ORIGIN}`).digest()),
      message: repeat(() => inbound.message()),
      sound: repeat(() => inbound.sound(0.1)),
      bucket: takes(memory),
    },
    2000,
  );
  return [
    {
      what: 'verifying a token (µs)',
      measured: us.verify.toFixed(1),
      floor: `${us.hmac.toFixed(1)}, the HMAC alone`,
      ...atMost(us.verify, VERIFY_LIMIT_US, `≤ ${VERIFY_LIMIT_US}`),
    },
    {
      what: 'the limit on a message that passes (µs)',
      measured: us.message.toFixed(2),
      ...atMost(us.message, MESSAGE_LIMIT_US, `≤ ${MESSAGE_LIMIT_US}`),
    },
    {
      what: 'the limit on a piece of sound that passes (µs)',
      measured: us.sound.toFixed(2),
      ...atMost(us.sound, MESSAGE_LIMIT_US, `≤ ${MESSAGE_LIMIT_US}`),
    },
    {
      what: `one of ${KEYS.length} buckets in memory (µs)`,
      measured: us.bucket.toFixed(2),
      ...atMost(us.bucket, MESSAGE_LIMIT_US, `≤ ${MESSAGE_LIMIT_US}`),
    },
  ];
}

/** The machine's clock, on which 200 ms have passed each time somebody looks: whoever comes then is never too early. */
function unhurried(): Clock {
  const clock = systemClock();
  let passedMs = 0;
  return {
    ...clock,
    now: () => {
      passedMs += 200;
      return clock.now() + passedMs;
    },
  };
}

async function redisRows(): Promise<Row[]> {
  if (REDIS_MISSING !== false) return [{ what: 'a bucket in Redis', measured: REDIS_MISSING }];
  const redis = await TestRedis.start();
  const link = await redis.link();
  try {
    const limiter = new RedisLimiter(link, new MemoryLimiter(systemClock()));
    const one = await roundTripsMs(() => limiter.take('a', 1, WIDE));
    const floor = await roundTripsMs(() => nothing(link));
    const us = await pairedUs(
      { take: manyAtOnce(takes(limiter)), nothing: manyAtOnce(repeat(() => nothing(link))) },
      1000,
    );
    return [
      {
        what: `a bucket in Redis, ${ROUND_TRIPS} one after the other, p50 / p99 / max (ms)`,
        measured: precise(one),
        floor: `${precise(floor)}, an empty script`,
      },
      {
        what: `a bucket in Redis, ${AT_ONCE} at once, each (µs)`,
        measured: us.take.toFixed(1),
        floor: `${us.nothing.toFixed(1)}, an empty script`,
      },
    ];
  } finally {
    await redis.stop();
  }
}

const NOTHING = redisScript('return 0');

function nothing(link: RedisLink): Promise<unknown> {
  return link.run(NOTHING, ['a'], []);
}

async function roundTripsMs(ask: () => Promise<unknown>) {
  const times: number[] = [];
  for (let count = 0; count < ROUND_TRIPS; count += 1) {
    const startedAt = performance.now();
    await ask();
    times.push(performance.now() - startedAt);
  }
  return summarise(times);
}

function repeat(work: () => unknown) {
  return async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      const result = work();
      if (result instanceof Promise) await result;
    }
  };
}

function takes(limiter: RateLimiter) {
  let taken = 0;
  return repeat(() => {
    taken += 1;
    return limiter.take(KEYS[taken % KEYS.length] ?? '', 1, WIDE);
  });
}

/** The same work, by so many at a time. */
function manyAtOnce(work: (times: number) => Promise<void>) {
  return async (times: number) => {
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(times / AT_ONCE)));
  };
}

function precise({ p50, p99, max }: ReturnType<typeof summarise>): string {
  return [p50, p99, max].map((ms) => ms.toFixed(2)).join(' / ');
}
