import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../src/time/fake-clock.ts';

test('time stands still until it is moved', async () => {
  const clock = new FakeClock();
  assert.equal(clock.now(), 0);
  await clock.advance(1500);
  assert.equal(clock.now(), 1500);
  assert.equal(clock.wallNow(), Date.UTC(2026, 0, 1) + 1500);
});

test('timers fire in order of time, then of creation, each at its own time', async () => {
  const clock = new FakeClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name} at ${clock.now()}`);
  clock.at(30, note('c'));
  clock.at(10, note('a'));
  clock.at(10, note('b'));
  clock.at(40, note('too late'));
  await clock.advance(35);
  assert.deepEqual(fired, ['a at 10', 'b at 10', 'c at 30']);
  assert.equal(clock.pendingTimers, 1);
});

test('a timer set by a timer fires in the same advance if its time comes', async () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  const tick = () => {
    fired.push(clock.now());
    clock.at(clock.now() + 10, tick);
  };
  clock.at(10, tick);
  await clock.advance(45);
  assert.deepEqual(fired, [10, 20, 30, 40]);
});

test('promises settle between timers', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const woke: number[] = [];
  const loop = async () => {
    for (let round = 0; round < 3; round += 1) {
      await clock.sleep(10, signal);
      await Promise.resolve();
      woke.push(clock.now());
    }
  };
  const done = loop();
  await clock.advance(100);
  await done;
  assert.deepEqual(woke, [10, 20, 30]);
});

test('a cancelled timer does not fire', async () => {
  const clock = new FakeClock();
  const cancel = clock.at(10, () => assert.fail('fired'));
  cancel();
  cancel();
  await clock.advance(20);
  assert.equal(clock.pendingTimers, 0);
});

test('an aborted sleep rejects with the reason at once and leaves no timer', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const reason = new Error('over');
  const sleep = clock.sleep(1000, abort.signal);
  abort.abort(reason);
  await assert.rejects(sleep, (error) => error === reason);
  await assert.rejects(clock.sleep(1000, abort.signal), (error) => error === reason);
  assert.equal(clock.pendingTimers, 0);
});

test('the wall clock can jump while monotonic time goes on', async () => {
  const clock = new FakeClock();
  clock.jumpWall(-3_600_000);
  await clock.advance(5);
  assert.equal(clock.wallNow(), Date.UTC(2026, 0, 1) - 3_600_000 + 5);
  assert.equal(clock.now(), 5);
});

test('after a freeze every timer that was due fires late, at the time of the thaw', async () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  clock.at(10, () => fired.push(clock.now()));
  clock.at(20, () => fired.push(clock.now()));
  clock.at(1001, () => fired.push(clock.now()));
  await clock.freeze(1000);
  assert.deepEqual(fired, [1000, 1000]);
});
