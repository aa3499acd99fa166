import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Load, Overload } from '../../src/load/overload.ts';
import { measureLoad } from '../../src/load/process-load.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';

function watched(maxLoopDelayMs: number | undefined = 100) {
  const clock = new FakeClock();
  const now: { -readonly [Name in keyof Load]: Load[Name] } = { memoryShare: 0.3, loopDelayP99Ms: 5 };
  const changes: boolean[] = [];
  const overload = new Overload({
    clock,
    read: () => ({ ...now }),
    maxLoopDelayMs,
    onChange: (overloaded) => changes.push(overloaded),
  });
  return { clock, now, changes, overload };
}

test('memory above 85 % is overload at the next look, until it is below 80 %', async () => {
  const { clock, now, changes, overload } = watched();
  now.memoryShare = 0.851;
  await clock.advance(1000);
  assert.equal(overload.overloaded, true);
  now.memoryShare = 0.82;
  await clock.advance(60_000);
  assert.equal(overload.overloaded, true, 'no flapping between');
  now.memoryShare = 0.79;
  await clock.advance(1000);
  assert.equal(overload.overloaded, false);
  assert.deepEqual(changes, [true, false]);
});

test('a loop that is late for 5 s is overload; for 4 s it is not', async () => {
  const { clock, now, overload } = watched();
  now.loopDelayP99Ms = 150;
  await clock.advance(4000);
  now.loopDelayP99Ms = 20;
  await clock.advance(1000);
  now.loopDelayP99Ms = 150;
  await clock.advance(4000);
  assert.equal(overload.overloaded, false);
  await clock.advance(1000);
  assert.equal(overload.overloaded, true);
});

test('it ends after 5 s at less than half the limit, not at just below it', async () => {
  const { clock, now, overload } = watched();
  now.loopDelayP99Ms = 150;
  await clock.advance(5000);
  now.loopDelayP99Ms = 90;
  await clock.advance(60_000);
  assert.equal(overload.overloaded, true);
  now.loopDelayP99Ms = 30;
  await clock.advance(5000);
  assert.equal(overload.overloaded, false);
});

test('a process that stood still for 3 s is late once, not overloaded', async () => {
  const { clock, now, changes } = watched();
  now.loopDelayP99Ms = 3000;
  await clock.freeze(3000);
  now.loopDelayP99Ms = 5;
  await clock.advance(10_000);
  assert.deepEqual(changes, []);
});

test('without a limit the loop is not looked at, and a stopped watch holds no timer', async () => {
  const { clock, now, overload } = watched(0 || undefined);
  now.loopDelayP99Ms = 9999;
  await clock.advance(60_000);
  overload.stop();
  assert.equal(clock.pendingTimers, 0);
});

test('a process measures its own memory against its limit, and how late its loop is', async () => {
  const load = measureLoad(undefined);
  const small = measureLoad(1024 * 1024);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const blockedUntil = performance.now() + 150;
  while (performance.now() < blockedUntil);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const { memoryShare, loopDelayP99Ms } = load.read();
  assert.ok(memoryShare > 0 && memoryShare < 0.85, String(memoryShare));
  assert.ok(loopDelayP99Ms > 100, String(loopDelayP99Ms));
  assert.ok(small.read().memoryShare > 1);
  load.stop();
  small.stop();
});
