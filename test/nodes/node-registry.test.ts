import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { fullRetryMs } from '../../src/nodes/full-retry.ts';
import { encodeFacts, type NodeFacts, parseFacts, roomOf } from '../../src/nodes/node-facts.ts';
import { NodeRegistry } from '../../src/nodes/node-registry.ts';
import type { RedisLink, ScriptRunner } from '../../src/redis/redis-link.ts';
import { redisScript } from '../../src/redis/redis-script.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { runApp, TestClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { REDIS_MISSING, TestRedis } from '../support/redis.ts';

const EMPTY = { capacity: 10, sessions: 0, speaking: 0, draining: false };
const FULL = { ...EMPTY, sessions: 10 };

/** A registry over a Redis that is away. */
function alone(clock = new FakeClock()): NodeRegistry {
  return new NodeRegistry({ redis: { run: async () => undefined }, clock, facts: () => EMPTY });
}

/** A registry over a Redis that answers with these nodes. */
async function among(others: readonly unknown[]): Promise<NodeRegistry> {
  const redis: ScriptRunner = { run: async (_script, _keys, args) => [args[1], ...others] };
  const registry = new NodeRegistry({ redis, clock: new FakeClock(), facts: () => FULL });
  await registry.publish();
  return registry;
}

function node(facts: Partial<NodeFacts>): string {
  return encodeFacts({ id: 'other', ...EMPTY, ...facts });
}

test('while Redis is away a node is alone, and nothing fails', async () => {
  const clock = new FakeClock();
  const registry = alone(clock);
  await registry.join();
  await clock.advance(60_000);
  assert.deepEqual(registry.others, []);
  assert.equal(registry.roomElsewhere, 0);
  assert.deepEqual(registry.all, [{ id: registry.id, ...EMPTY }]);
  await registry.leave();
  await clock.advance(60_000);
  assert.equal(clock.pendingTimers, 0);
});

test('what was heard of the others is forgotten when Redis has been away for a while', async () => {
  const clock = new FakeClock();
  let up = true;
  const redis: ScriptRunner = { run: async () => (up ? [node({})] : undefined) };
  const registry = new NodeRegistry({ redis, clock, facts: () => EMPTY });
  await registry.join();
  assert.equal(registry.roomElsewhere, 10);
  up = false;
  await clock.advance(9000);
  assert.equal(registry.roomElsewhere, 10);
  await clock.advance(2000);
  assert.equal(registry.roomElsewhere, 0);
  up = true;
  await clock.advance(2000);
  assert.equal(registry.roomElsewhere, 10);
  await registry.leave();
});

test('what others write into Redis is read only if it is what a node writes', async () => {
  const junk = [
    null,
    7,
    '',
    '{',
    '[]',
    '{}',
    'null',
    node({ capacity: -1 }),
    node({ id: '' }),
    '{"__proto__":1}',
  ];
  for (const text of junk) assert.equal(parseFacts(text), undefined, String(text));
  const registry = await among([...junk, node({ sessions: 4 })]);
  assert.deepEqual(registry.others, [{ id: 'other', ...EMPTY, sessions: 4 }]);
});

test('a node that drains, or holds more than it should, has no room', () => {
  const room = (facts: Partial<NodeFacts>) => roomOf({ id: 'x', ...EMPTY, ...facts });
  assert.equal(room({}), 10);
  assert.equal(room({ sessions: 4 }), 6);
  assert.equal(room({ draining: true }), 0);
  assert.equal(room({ sessions: 12 }), 0);
});

test('who is refused comes back soon if others have room, late if nobody has, and not all at once', async () => {
  const calm = () => 0;
  assert.equal(fullRetryMs(undefined, calm), 5000);
  assert.equal(fullRetryMs(alone(), calm), 5000);
  assert.equal(fullRetryMs(await among([node(FULL), node({})]), calm), 500);
  assert.equal(fullRetryMs(await among([node(FULL), node({ draining: true })]), calm), 15_000);
  assert.equal(
    fullRetryMs(undefined, () => 1),
    7500,
  );
});

suite('with a Redis', { skip: REDIS_MISSING }, () => {
  let redis: TestRedis;
  let link: RedisLink;

  before(async () => {
    redis = await TestRedis.start();
    link = await redis.link();
  });

  after(() => redis.stop());

  test('two nodes know of each other, hear of changes, and are gone when they leave', async () => {
    const clock = new FakeClock();
    const other = await redis.link();
    const facts = { one: { ...EMPTY }, two: { ...EMPTY, capacity: 5, sessions: 2 } };
    const one = new NodeRegistry({ redis: link, clock, facts: () => facts.one });
    const two = new NodeRegistry({ redis: other, clock, facts: () => facts.two });
    await one.join();
    await two.join();
    await one.publish();
    assert.deepEqual(one.others, [{ id: two.id, ...facts.two }]);
    assert.deepEqual(two.others, [{ id: one.id, ...EMPTY }]);
    assert.equal(one.roomElsewhere, 3);

    facts.two = { ...facts.two, sessions: 5, speaking: 1 };
    await clock.advance(2000);
    await eventually('one hears of it', () => {
      void one.publish();
      return one.others[0]?.speaking === 1;
    });
    assert.equal(one.roomElsewhere, 0);

    await two.leave();
    await one.publish();
    assert.deepEqual(one.others, []);
    await one.leave();
    assert.match(await redis.tell('KEYS *'), /^\*0/);
  });

  test('a node that died is forgotten after ten seconds', async () => {
    const clock = new FakeClock();
    const dead = new NodeRegistry({ redis: link, clock, facts: () => EMPTY });
    const live = new NodeRegistry({ redis: link, clock, facts: () => EMPTY });
    await dead.publish();
    await live.publish();
    assert.equal(live.others.length, 1);
    const older = redisScript("return redis.call('ZINCRBY', KEYS[1], -10001, ARGV[1])");
    await link.run(older, ['{avatar-chat:nodes}:heard'], [dead.id]);
    await live.publish();
    assert.deepEqual(live.others, []);
    assert.match(await redis.tell('HLEN {avatar-chat:nodes}:facts'), /:1/);
    await live.leave();
  });

  test('if all die, Redis forgets them by itself', async () => {
    const node = new NodeRegistry({ redis: link, clock: new FakeClock(), facts: () => EMPTY });
    await node.publish();
    for (const key of ['facts', 'heard']) {
      const reply = await redis.tell(`PTTL {avatar-chat:nodes}:${key}`);
      const ttlMs = Number(/:(\d+)/.exec(reply)?.[1]);
      assert.ok(ttlMs > 0 && ttlMs <= 10_000, reply);
    }
    await node.leave();
  });

  test('two servers share one budget, and a full one sends clients where there is room', async () => {
    const shared = {
      REDIS_URL: redis.url,
      MAX_SESSIONS: '1',
      AUTH_ENABLE_RATE_LIMITING: 'true',
      DEBUG: 'true',
    };
    const environment = { ...shared, RATE_LIMIT_ADDRESS_BURST: '4', RATE_LIMIT_ADDRESS_PER_SECOND: '0.01' };
    const start = () => runApp(environment, { agent: new ScriptedAgent(), random: () => 0 });
    const one = await start();
    const two = await start();
    const info = (await (await fetch(`${two.http}/info`)).json()) as { nodes: NodeFacts[] };
    assert.equal(info.nodes.length, 2);

    const first = await TestClient.connect(two.ws);
    await first.until(() => first.of('config').length === 1);
    const refused = await TestClient.connect(two.ws);
    assert.equal(await refused.closed(), 1013);
    assert.equal(refused.of('error')[0]?.['code'], 'too_many_sessions');
    assert.equal(refused.of('error')[0]?.['retryAfterMs'], 500, 'the other node has room');
    const there = await TestClient.connect(one.ws);
    await there.until(() => there.of('config').length === 1);

    const fourth = await TestClient.connect(one.ws);
    assert.equal(await fourth.closed(), 1013);
    assert.equal(fourth.of('error')[0]?.['code'], 'too_many_sessions');
    const fifth = await TestClient.connect(two.ws);
    assert.equal(await fifth.closed(), 1013);
    assert.equal(fifth.of('error')[0]?.['code'], 'too_many_connects', 'the budget is one for both');

    await Promise.all([first.close(), there.close()]);
    await one.app.close();
    await two.app.close();
    assert.match(await redis.tell('HLEN {avatar-chat:nodes}:facts'), /:0/);
  });

  test('a server whose Redis dies goes on alone, and its clients notice nothing', async (context) => {
    const own = await TestRedis.start(context);
    const { app, ws, http } = await runApp(
      { REDIS_URL: own.url, AUTH_ENABLE_RATE_LIMITING: 'true', DEBUG: 'true' },
      { agent: new ScriptedAgent() },
    );
    await own.kill();
    const client = await TestClient.connect(ws);
    await client.until(() => client.of('config').length === 1);
    assert.equal((await fetch(`${http}/info`)).status, 200);
    await client.close();
    await app.close();
  });

  test('a server whose Redis hangs lets clients in all the same, hardly later', async (context) => {
    const own = await TestRedis.start(context);
    const { app, ws } = await runApp(
      { REDIS_URL: own.url, AUTH_ENABLE_RATE_LIMITING: 'true' },
      { agent: new ScriptedAgent() },
    );
    own.freeze();
    const startedAt = performance.now();
    const clients = await Promise.all([1, 2, 3].map(() => TestClient.connect(ws)));
    for (const client of clients) await client.until(() => client.of('config').length === 1);
    assert.ok(performance.now() - startedAt < 3000);
    await Promise.all(clients.map((client) => client.close()));
    await app.close();
  });
});
