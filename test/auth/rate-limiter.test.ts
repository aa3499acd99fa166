import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { MemoryLimiter } from '../../src/auth/memory-limiter.ts';
import type { RateLimiter } from '../../src/auth/rate-limiter.ts';
import { RedisLimiter } from '../../src/auth/redis-limiter.ts';
import type { RedisLink, ScriptRunner } from '../../src/redis/redis-link.ts';
import { redisScript } from '../../src/redis/redis-script.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { REDIS_MISSING, TestRedis } from '../support/redis.ts';

/** The limits of connects from one origin. */
const ORIGIN = { capacity: 100, refillPerSecond: 10 };

/** A limiter whose time moves only when told to. */
interface Subject {
  readonly limiter: RateLimiter;
  advance(ms: number): Promise<void>;
}

/** What every limiter promises. Each test gets an empty one. */
function contract(make: () => Subject): void {
  const burst = (limiter: RateLimiter, key: string) =>
    Promise.all(Array.from({ length: 100 }, () => limiter.take(key, 1, ORIGIN)));

  test('a burst of 100 passes, the 101st is told to wait 100 ms, and one more passes after exactly those', async () => {
    const { limiter, advance } = make();
    assert.ok((await burst(limiter, 'a')).every(({ pass }) => pass));
    assert.deepEqual(await limiter.take('a', 1, ORIGIN), { pass: false, retryAfterMs: 100 });
    await advance(99);
    assert.deepEqual(await limiter.take('a', 1, ORIGIN), { pass: false, retryAfterMs: 1 });
    await advance(1);
    assert.deepEqual(await limiter.take('a', 1, ORIGIN), { pass: true });
    assert.deepEqual(await limiter.take('a', 1, ORIGIN), { pass: false, retryAfterMs: 100 });
  });

  test('31 messages: one is refused, and one more passes after 200 ms', async () => {
    const { limiter, advance } = make();
    const limits = { capacity: 30, refillPerSecond: 5 };
    for (let taken = 0; taken < 30; taken += 1) assert.ok((await limiter.take('s', 1, limits)).pass);
    assert.deepEqual(await limiter.take('s', 1, limits), { pass: false, retryAfterMs: 200 });
    await advance(200);
    assert.ok((await limiter.take('s', 1, limits)).pass);
  });

  test('one key’s bucket is not another’s', async () => {
    const { limiter } = make();
    await burst(limiter, 'a');
    assert.equal((await limiter.take('a', 1, ORIGIN)).pass, false);
    assert.equal((await limiter.take('b', 1, ORIGIN)).pass, true);
  });

  test('a refusal costs nothing, and more than it can ever hold never passes', async () => {
    const { limiter, advance } = make();
    assert.equal((await limiter.take('a', 101, ORIGIN)).pass, false);
    assert.equal((await limiter.take('a', 100, ORIGIN)).pass, true);
    await advance(3_600_000);
    assert.equal((await limiter.take('a', 101, ORIGIN)).pass, false);
  });

  test('it fills up to its capacity, and no further', async () => {
    const { limiter, advance } = make();
    await burst(limiter, 'a');
    await advance(3_600_000);
    assert.ok((await burst(limiter, 'a')).every(({ pass }) => pass));
    assert.equal((await limiter.take('a', 1, ORIGIN)).pass, false);
  });

  test('whoever waits as long as told passes, and nobody gets more than capacity and refill', async () => {
    const request = fc.record({ cost: fc.integer({ min: 1, max: 60 }), afterMs: fc.nat({ max: 3000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
        const { limiter, advance } = make();
        let elapsedMs = 0;
        let through = 0;
        const pass = async (ms: number) => {
          elapsedMs += ms;
          await advance(ms);
        };
        for (const { cost, afterMs } of requests) {
          await pass(afterMs);
          const taken = await limiter.take('p', cost, ORIGIN);
          if (!taken.pass) {
            await pass(taken.retryAfterMs);
            assert.ok((await limiter.take('p', cost, ORIGIN)).pass);
          }
          through += cost;
          assert.ok(through <= 100 + elapsedMs / 100);
        }
      }),
      { numRuns: 20 },
    );
  });
}

suite('in memory', () => {
  contract(() => {
    const clock = new FakeClock();
    return { limiter: new MemoryLimiter(clock), advance: async (ms) => clock.freeze(ms) };
  });
});

suite('in Redis', { skip: REDIS_MISSING }, () => {
  let redis: TestRedis;
  let link: RedisLink;
  let subjects = 0;

  before(async () => {
    redis = await TestRedis.start();
    link = await redis.link();
  });

  after(() => redis.stop());

  /** This node's own buckets, which have nothing to say while Redis answers. */
  const unasked: RateLimiter = { take: async () => ({ pass: false, retryAfterMs: 1_234_567 }) };

  /** The limiter's own script in the real Redis, with a time that the test sets in place of Redis' own. */
  contract(() => {
    subjects += 1;
    const prefix = `${subjects}:`;
    let nowUs = 1_800_000_000_000_000;
    const runner: ScriptRunner = {
      run: (script, keys, args) => {
        const time = `{${Math.floor(nowUs / 1_000_000)}, ${nowUs % 1_000_000}}`;
        const still = script.text.replace("redis.call('TIME')", time);
        assert.notEqual(still, script.text);
        return link.run(
          redisScript(still),
          keys.map((key) => prefix + key),
          args,
        );
      },
    };
    return {
      limiter: new RedisLimiter(runner, unasked),
      advance: async (ms) => {
        nowUs += ms * 1000;
      },
    };
  });

  test('with Redis’ own time: a burst passes, the next is refused, and its key expires when the bucket is full again', async () => {
    const limiter = new RedisLimiter(link, unasked);
    const slow = { capacity: 100, refillPerSecond: 50 };
    const all = await Promise.all(Array.from({ length: 130 }, () => limiter.take('real', 1, slow)));
    const through = all.filter(({ pass }) => pass).length;
    assert.ok(through >= 100 && through < 130, `${through}`);
    const ttl = await link.run(redisScript("return redis.call('PTTL', 'avatar-chat:bucket:real')"), [], []);
    assert.ok(Number(ttl) > 1000 && Number(ttl) <= 2000, `${ttl}`);
  });

  test('two nodes share one budget', async () => {
    const other = await redis.link();
    const nodes = [new RedisLimiter(link, unasked), new RedisLimiter(other, unasked)];
    const limits = { capacity: 100, refillPerSecond: 0.01 };
    const all = await Promise.all(
      Array.from({ length: 150 }, (_, index) => nodes[index % 2]?.take('shared', 1, limits)),
    );
    assert.equal(all.filter((taken) => taken?.pass).length, 100);
  });

  test('an outage gives nobody a fresh budget: this node’s own buckets know what has passed', async () => {
    let away = false;
    const flaky: ScriptRunner = {
      run: async (...question) => (away ? undefined : link.run(...question)),
    };
    const limiter = new RedisLimiter(flaky, new MemoryLimiter(new FakeClock()));
    const limits = { capacity: 100, refillPerSecond: 0.01 };
    const through = async () => {
      const all = await Promise.all(Array.from({ length: 70 }, () => limiter.take('outage', 1, limits)));
      return all.filter(({ pass }) => pass).length;
    };
    assert.equal(await through(), 70);
    away = true;
    assert.equal(await through(), 30);
  });

  test('a clock of Redis’ that is set back locks nobody out for longer than a bucket takes to fill', async () => {
    const key = 'avatar-chat:bucket:jump';
    const inAnHour =
      "local t = redis.call('TIME') return redis.call('SET', KEYS[1], (t[1] + 3600) .. '000000')";
    await link.run(redisScript(inAnHour), [key], []);
    const taken = await new RedisLimiter(link, unasked).take('jump', 1, ORIGIN);
    assert.deepEqual(taken, { pass: false, retryAfterMs: 100 });
  });

  test('a Redis that has forgotten the script is given it again', async () => {
    const limiter = new RedisLimiter(link, unasked);
    await redis.tell('SCRIPT FLUSH');
    assert.ok((await limiter.take('after-flush', 1, ORIGIN)).pass);
  });
});

test('100,000 origins and more leave no more buckets than the cap, and the oldest go first', async () => {
  const clock = new FakeClock();
  const limiter = new MemoryLimiter(clock);
  await limiter.take('first', 100, ORIGIN);
  for (let index = 0; index < 99_999; index += 1) await limiter.take(`origin ${index}`, 1, ORIGIN);
  assert.equal(limiter.size, 100_000);
  assert.equal((await limiter.take('first', 1, ORIGIN)).pass, false, 'still known, and now the youngest');
  for (let index = 0; index < 99_999; index += 1) await limiter.take(`other ${index}`, 1, ORIGIN);
  assert.equal(limiter.size, 100_000);
  assert.equal((await limiter.take('first', 1, ORIGIN)).pass, false, 'it was used after all the origins');
  for (let index = 0; index < 100_000; index += 1) await limiter.take(`third ${index}`, 1, ORIGIN);
  assert.equal((await limiter.take('first', 100, ORIGIN)).pass, true, 'forgotten');
  assert.equal(limiter.size, 100_000);
});
