import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pino } from 'pino';
import { MemoryLimiter } from '../../src/auth/memory-limiter.ts';
import { RedisLimiter } from '../../src/auth/redis-limiter.ts';
import { ANSWER_WITHIN_MS, RedisLink } from '../../src/redis/redis-link.ts';
import { redisScript } from '../../src/redis/redis-script.ts';
import { systemClock } from '../../src/time/clock.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { eventually } from '../support/eventually.ts';
import { REDIS_MISSING, TestRedis } from '../support/redis.ts';

const ECHO = redisScript('return ARGV[1]');

/** A logger that keeps its messages. */
function listening() {
  const messages: string[] = [];
  const log = pino({}, { write: (line: string) => messages.push((JSON.parse(line) as { msg: string }).msg) });
  return { log, messages };
}

/** Redis' numbers of its clients, but for the one that asks. */
async function clientIds(redis: TestRedis): Promise<string[]> {
  const list = await redis.tell('CLIENT LIST');
  const others = list.split('\n').filter((line) => line.startsWith('id=') && !line.includes('cmd=client'));
  return others.map((line) => line.split(' ')[0] ?? '');
}

test('without a Redis the start goes on, questions have no answer, and closing leaves nothing', async () => {
  const { log, messages } = listening();
  const startedAt = performance.now();
  const link = await RedisLink.open({ url: 'redis://127.0.0.1:1', clock: systemClock(), log });
  assert.equal(link.up, false);
  assert.equal(await link.run(ECHO, [], ['x']), undefined);
  assert.ok(performance.now() - startedAt < 1500);
  link.close();
  link.close();
  assert.equal(await link.run(ECHO, [], ['x']), undefined);
  assert.equal(messages.length, 1);
});

suite('with a Redis', { skip: REDIS_MISSING }, () => {
  test('killed and started again, it is logged once each way, and comes back by itself', async (context) => {
    const redis = await TestRedis.start(context);
    const { log, messages } = listening();
    const link = await redis.link({ log });
    assert.equal(await link.run(ECHO, [], ['one']), 'one');
    await redis.kill();
    for (let time = 0; time < 20; time += 1) assert.equal(await link.run(ECHO, [], ['x']), undefined);
    assert.equal(messages.length, 2);
    await redis.up();
    await eventually('Redis is back', () => link.up);
    assert.equal(await link.run(ECHO, [], ['two']), 'two');
    assert.match(messages.join('; '), /^Redis is connected; Redis is away[^;]*; Redis is back$/);
  });

  test('a Redis that hangs holds nobody up, and its answers count again when it goes on', async (context) => {
    const redis = await TestRedis.start(context);
    const { log, messages } = listening();
    const clock = systemClock();
    const link = await redis.link({ log, answerWithinMs: ANSWER_WITHIN_MS });
    const limiter = new RedisLimiter(link, new MemoryLimiter(clock));
    const limits = { capacity: 5, refillPerSecond: 0.001 };
    redis.freeze();
    const startedAt = performance.now();
    const taken = [];
    for (let time = 0; time < 50; time += 1) taken.push(await limiter.take('a', 1, limits));
    assert.ok(performance.now() - startedAt < ANSWER_WITHIN_MS * 10, 'one of them waited, for a moment');
    assert.equal(taken.filter(({ pass }) => pass).length, 5, 'this node’s own budget');
    assert.equal(messages.length, 2);

    redis.thaw();
    await eventually('Redis is asked again', () => {
      void link.run(ECHO, [], ['probe']);
      return link.up;
    });
    assert.equal((await limiter.take('b', 5, limits)).pass, true);
    assert.equal((await limiter.take('b', 1, limits)).pass, false);
    assert.match(await redis.tell('EXISTS avatar-chat:bucket:b'), /:1/);
    assert.match(messages.join('; '), /^Redis is connected; Redis is away[^;]*; Redis is back$/);
  });

  test('a connection on which nobody answers for five seconds is replaced', async (context) => {
    const redis = await TestRedis.start(context);
    const clock = new FakeClock();
    const link = await redis.link({ clock, answerWithinMs: ANSWER_WITHIN_MS });
    const [old] = await clientIds(redis);
    redis.freeze();
    const asked = link.run(ECHO, [], ['x']);
    await clock.advance(ANSWER_WITHIN_MS);
    assert.equal(await asked, undefined);
    await clock.freeze(6000);
    await link.run(ECHO, [], ['x']);
    redis.thaw();
    await eventually('somebody answers', () => link.up);
    assert.equal(await link.run(ECHO, [], ['new']), 'new');
    const ids = await clientIds(redis);
    assert.equal(ids.length, 1);
    assert.notEqual(ids[0], old);
  });

  test('an answer that has come counts, however late the loop gets to read it', async (context) => {
    const redis = await TestRedis.start(context);
    const link = await redis.link({ answerWithinMs: ANSWER_WITHIN_MS });
    await link.run(ECHO, [], ['known']);
    const asked = link.run(ECHO, [], ['x']);
    await new Promise((resolve) => setImmediate(resolve)); // it is on its way
    const until = performance.now() + 2 * ANSWER_WITHIN_MS;
    while (performance.now() < until); // a loop that is held up
    assert.equal(await asked, 'x');
  });

  test('a Redis that takes no writes is as good as none', async (context) => {
    const redis = await TestRedis.start(context);
    const { log, messages } = listening();
    const link = await redis.link({ log });
    await redis.tell('REPLICAOF 127.0.0.1 1');
    const limiter = new RedisLimiter(link, new MemoryLimiter(systemClock()));
    const limits = { capacity: 2, refillPerSecond: 0.001 };
    const taken = [];
    for (let time = 0; time < 5; time += 1) taken.push((await limiter.take('a', 1, limits)).pass);
    assert.deepEqual(taken, [true, true, false, false, false]);
    assert.equal(messages.length, 2);
  });

  test('the password in its address is not in the log', async (context) => {
    const redis = await TestRedis.start(context);
    await redis.tell('CONFIG SET requirepass right');
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const url = `redis://:sentinel-password@127.0.0.1:${redis.port}`;
    const link = await RedisLink.open({ url, clock: systemClock(), log });
    context.after(() => link.close());
    assert.equal(link.up, false);
    assert.doesNotMatch(lines.join(''), /sentinel/);
    assert.equal(lines.length, 1);
    link.close();
    const good = await RedisLink.open({
      url: url.replace('sentinel-password', 'right'),
      clock: systemClock(),
      log,
    });
    assert.equal(await good.run(ECHO, [], ['let in']), 'let in');
    good.close();
  });
});
