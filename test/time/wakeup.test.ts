import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { Wakeup } from '../../src/time/wakeup.ts';

function sleeper() {
  const clock = new FakeClock();
  const abort = new AbortController();
  const wakeup = new Wakeup(clock, abort.signal);
  const wokenAt: number[] = [];
  const sleep = (atMs?: number) => void wakeup.sleep(atMs).then(() => wokenAt.push(clock.now()));
  return { clock, abort, wakeup, wokenAt, sleep };
}

test('sleeps until its time comes', async () => {
  const { clock, wokenAt, sleep } = sleeper();
  sleep(50);
  await clock.advance(100);
  assert.deepEqual(wokenAt, [50]);
});

test('sleeps for ever without a time', async () => {
  const { clock, wokenAt, sleep } = sleeper();
  sleep();
  await clock.advance(1e9);
  assert.deepEqual(wokenAt, []);
  assert.equal(clock.pendingTimers, 0);
});

test('is woken before its time, and leaves no timer behind', async () => {
  const { clock, wakeup, wokenAt, sleep } = sleeper();
  sleep(50);
  await clock.advance(20);
  wakeup.wake();
  await clock.advance(0);
  assert.deepEqual(wokenAt, [20]);
  assert.equal(clock.pendingTimers, 0);
});

test('a wake while nobody sleeps ends the next sleep at once, and only that', async () => {
  const { clock, wakeup, wokenAt, sleep } = sleeper();
  wakeup.wake();
  wakeup.wake();
  sleep(50);
  await clock.advance(10);
  assert.deepEqual(wokenAt, [0]);
  sleep(50);
  await clock.advance(90);
  assert.deepEqual(wokenAt, [0, 50]);
});

test('a wake that comes when the time has come as well wakes once', async () => {
  const { clock, wakeup, wokenAt, sleep } = sleeper();
  sleep(50);
  clock.at(50, () => wakeup.wake());
  await clock.advance(60);
  assert.deepEqual(wokenAt, [50]);
});

test('an abort wakes the sleeper, and nobody sleeps after it', async () => {
  const { clock, abort, wokenAt, sleep } = sleeper();
  sleep(50);
  await clock.advance(20);
  abort.abort();
  await clock.advance(0);
  sleep(50);
  await clock.advance(0);
  sleep();
  await clock.advance(0);
  assert.deepEqual(wokenAt, [20, 20, 20]);
  assert.equal(clock.pendingTimers, 0);
});
