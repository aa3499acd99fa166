import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/time/clock.ts';

const HOUR_MS = 3_600_000;

test('monotonic time never goes back, and wall time is Unix milliseconds', () => {
  const clock = systemClock();
  let before = clock.now();
  for (let reading = 0; reading < 1000; reading += 1) {
    const now = clock.now();
    assert.ok(now >= before);
    before = now;
  }
  assert.ok(Number.isInteger(clock.wallNow()));
  assert.ok(clock.wallNow() > Date.UTC(2025, 0, 1));
});

test('a timer fires once its time has come, also if that was long ago', async () => {
  const clock = systemClock();
  // The system's own timers do not keep a process alive; the test's does.
  const keepAlive = setInterval(() => undefined, HOUR_MS);
  const fired: string[] = [];
  await new Promise<void>((resolve) => {
    clock.at(clock.now() + 5, () => {
      fired.push('later');
      resolve();
    });
    clock.at(clock.now() - HOUR_MS, () => fired.push('past'));
  });
  clearInterval(keepAlive);
  assert.deepEqual(fired, ['past', 'later']);
});

test('a cancelled timer does not fire, and cancelling late or twice does nothing', async () => {
  const clock = systemClock();
  const fired: string[] = [];
  const cancel = clock.at(clock.now() + 1, () => fired.push('cancelled'));
  cancel();
  cancel();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(fired, []);
});

test('a sleep is cut short by its signal, with the signal’s own reason', async () => {
  const abort = new AbortController();
  const reason = new Error('the session is over');
  const sleep = systemClock().sleep(HOUR_MS, abort.signal);
  abort.abort(reason);
  await assert.rejects(sleep, (error) => error === reason);
});

test('a sleep whose signal has aborted before does not begin', async () => {
  const reason = new Error('over');
  await assert.rejects(systemClock().sleep(HOUR_MS, AbortSignal.abort(reason)), (error) => error === reason);
});

test('a sleep ends by itself', async () => {
  const keepAlive = setInterval(() => undefined, HOUR_MS);
  await systemClock().sleep(2, new AbortController().signal);
  clearInterval(keepAlive);
});
