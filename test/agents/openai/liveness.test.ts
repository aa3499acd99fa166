import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Liveness } from '../../../src/agents/openai/liveness.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';

/** A watch over a connection whose peer answers pings or not. */
function watch({ alive = true } = {}) {
  const clock = new FakeClock();
  const dead: string[] = [];
  const peer = { alive, answering: false, pings: 0 };
  const liveness = new Liveness({
    clock,
    answering: () => peer.answering,
    ping: () => {
      peer.pings += 1;
      if (peer.alive) liveness.sign();
    },
    onDead: (why) => void dead.push(why),
  });
  return { clock, dead, peer, liveness };
}

test('an idle connection whose peer answers pings lives for hours', async () => {
  const { clock, dead, peer } = watch();
  await clock.advance(2 * 3_600_000);
  assert.deepEqual(dead, []);
  assert.equal(peer.pings, 480);
});

test('a peer that answers no ping is gone after half a minute and a bit', async () => {
  const { clock, dead } = watch({ alive: false });
  await clock.advance(30_000);
  assert.deepEqual(dead, []);
  await clock.advance(10_000);
  assert.deepEqual(dead, ['no sign of life']);
  assert.equal(clock.pendingTimers, 0);
});

test('an answer that stops in the middle for 15 s has stalled, although pings are answered', async () => {
  const { clock, dead, peer, liveness } = watch();
  await clock.advance(60_000);
  peer.answering = true;
  liveness.event();
  await clock.advance(14_000);
  assert.deepEqual(dead, []);
  await clock.advance(6000);
  assert.deepEqual(dead, ['the answer stalled']);
});

test('while we do not read, silence means nothing', async () => {
  const { clock, dead, peer, liveness } = watch({ alive: false });
  peer.answering = true;
  liveness.pause();
  await clock.advance(600_000);
  assert.deepEqual(dead, []);
  liveness.resume();
  await clock.advance(14_000);
  assert.deepEqual(dead, []);
  await clock.advance(6000);
  assert.equal(dead.length, 1);
});

test('a process that was stopped for a minute does not blame its peer', async () => {
  const { clock, dead, peer } = watch();
  peer.answering = true;
  await clock.freeze(60_000);
  assert.deepEqual(dead, []);
});

test('stopped, it looks no more', async () => {
  const { clock, dead, liveness } = watch({ alive: false });
  liveness.stop();
  await clock.advance(600_000);
  assert.deepEqual(dead, []);
  assert.equal(clock.pendingTimers, 0);
});
