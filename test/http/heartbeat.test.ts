import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heartbeat } from '../../src/http/heartbeat.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';

function beating(random = 0.5) {
  const clock = new FakeClock();
  const pings: { name: string; atMs: number }[] = [];
  const silentAt: number[] = [];
  const heartbeat = new Heartbeat({
    clock,
    random: () => random,
    ping: (name) => pings.push({ name, atMs: clock.now() }),
    onSilent: () => silentAt.push(clock.now()),
  });
  const answerAll = () => heartbeat.pong(pings.at(-1)?.name ?? '');
  return { clock, pings, silentAt, heartbeat, answerAll };
}

test('an idle client is pinged every 10 s, the first time after a random part of them', async () => {
  const { clock, pings, heartbeat, answerAll } = beating(0.3);
  await clock.advance(3000);
  answerAll();
  await clock.advance(10_000);
  answerAll();
  await clock.advance(10_000);
  assert.deepEqual(
    pings.map(({ atMs }) => atMs),
    [3000, 13_000, 23_000],
  );
  heartbeat.stop();
  assert.equal(clock.pendingTimers, 0);
});

test('while something is sent, a ping goes with it at most every half second', async () => {
  const { clock, pings, heartbeat, answerAll } = beating();
  for (let frame = 0; frame < 60; frame += 1) {
    heartbeat.sent(100);
    await clock.advance(1000 / 30);
    answerAll();
  }
  assert.equal(pings.length, 4);
  assert.equal(pings[0]?.atMs, 0, 'at once with the first frame');
});

test('a burst has a ping after every 32 KiB', () => {
  const { pings, heartbeat } = beating();
  for (let sent = 0; sent < 100; sent += 1) heartbeat.sent(3400);
  assert.equal(pings.length, 10);
});

test('a client that answers nothing is silent 10 s after the first ping, and a little', async () => {
  const { clock, silentAt, heartbeat } = beating(0);
  await clock.advance(5000);
  heartbeat.sent(100);
  await clock.advance(60_000);
  assert.deepEqual(silentAt, [10_500]);
  assert.equal(clock.pendingTimers, 0);
});

test('a pong answers its own ping and all before it; one that was never asked for means nothing', async () => {
  const { clock, pings, heartbeat } = beating();
  for (let ping = 0; ping < 3; ping += 1) {
    heartbeat.sent(100);
    await clock.advance(500);
  }
  assert.equal(heartbeat.pongAgeMs, 1500);
  heartbeat.pong('made up');
  assert.equal(heartbeat.pongAgeMs, 1500);
  heartbeat.pong(pings[1]?.name ?? '');
  assert.equal(heartbeat.pongAgeMs, 500);
  heartbeat.pong(pings[0]?.name ?? '');
  assert.equal(heartbeat.pongAgeMs, 500, 'late, out of order');
});

test('a server that stood still for a minute takes nobody for silent whose pong has come meanwhile', async () => {
  const { clock, silentAt, heartbeat, answerAll } = beating(0);
  await clock.advance(0);
  await clock.freeze(60_000); // its timers fire before it reads its sockets
  answerAll();
  await clock.advance(1000);
  assert.deepEqual(silentAt, []);
  await clock.freeze(3000);
  await clock.advance(60_000);
  assert.equal(silentAt.length, 1, 'who is silent all the same is found out');
  heartbeat.stop();
});
