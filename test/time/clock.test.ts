import assert from 'node:assert/strict';
import { mock, type TestContext, test } from 'node:test';
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

/** A machine whose monotonic time and timers the test moves: whole milliseconds for timers, fractions for the time. */
function machine(t: TestContext, startMs: number) {
  let nowMs = startMs;
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => nowMs);
  t.after(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
  return {
    /** Lets `ms` of the timers' time pass, of which only `realMs` have passed for the clock. */
    pass(ms: number, realMs = ms) {
      nowMs += realMs;
      mock.timers.tick(ms);
    },
  };
}

test('a timer never fires before its time, however early the system’s comes', (t) => {
  const { pass } = machine(t, 1000.75);
  const clock = systemClock();
  const fired: number[] = [];
  clock.at(1250.5, () => fired.push(clock.now()));
  pass(250, 248.25); // as the system does: up to two milliseconds early
  assert.deepEqual(fired, []);
  pass(1);
  assert.deepEqual(fired, []);
  pass(1);
  assert.deepEqual(fired, [1251]);
  pass(10);
  assert.equal(fired.length, 1);
});

test('a timer that was set again can be cancelled', (t) => {
  const { pass } = machine(t, 0);
  const fired: string[] = [];
  const cancel = systemClock().at(10.5, () => fired.push('late'));
  pass(11, 9);
  cancel();
  pass(100);
  assert.deepEqual(fired, []);
});

test('timers and sleeps of more than 24 days come when they are due, not at once', async (t) => {
  const { pass } = machine(t, 0);
  const clock = systemClock();
  const monthMs = 31 * 24 * HOUR_MS;
  const fired: string[] = [];
  clock.at(monthMs, () => fired.push('timer'));
  clock.at(Number.POSITIVE_INFINITY, () => fired.push('never'));
  const sleep = clock.sleep(monthMs, new AbortController().signal).then(() => fired.push('sleep'));
  pass(1);
  pass(monthMs - 2);
  assert.deepEqual(fired, []);
  for (let tick = 0; tick < 3; tick += 1) pass(1);
  await sleep;
  assert.deepEqual(fired, ['timer', 'sleep']);
});
