import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InferenceError } from '../../../src/errors.ts';
import { MAX_WAITING_JOBS, Scheduler } from '../../../src/face/engine/scheduler.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { FakeInferenceProcess, fakeWindow } from '../../support/fake-inference-process.ts';

/** A scheduler over fake processes; `spawned` holds all that ever were, the first ones first. */
function crewOf(count: number) {
  const clock = new FakeClock();
  const notices: string[] = [];
  const spawned = Array.from({ length: count }, () => new FakeInferenceProcess());
  /** What starting another does; a test may let it fail. */
  const starts = { fail: false };
  const scheduler = new Scheduler({
    members: [...spawned],
    threads: 1,
    clock,
    onNotice: (line) => notices.push(line),
    spawnAnother: async () => {
      if (starts.fail) throw new InferenceError('face_failed', 'it did not start');
      const another = new FakeInferenceProcess();
      spawned.push(another);
      return another;
    },
  });
  const run = (mark: number, dueAt = Number.POSITIVE_INFINITY, signal = new AbortController().signal) => {
    const result = scheduler.run({ samples: fakeWindow(mark), dueAt, signal });
    // Whoever awaits it sees the rejection all the same.
    result.catch(() => undefined);
    return result;
  };
  const latest = () => {
    const process = spawned.at(-1);
    assert.ok(process);
    return process;
  };
  const [first = latest()] = spawned;
  return { clock, notices, spawned, starts, scheduler, run, first, latest };
}

const failed = { name: 'InferenceError', code: 'face_failed' };

test('the most urgent window runs first, and those without a deadline last', async () => {
  const { clock, first, run } = crewOf(1);
  const results = [run(1), run(2), run(3, 500), run(4, 300), run(5, 300)];
  for (let answered = 0; answered < results.length; answered += 1) {
    first.answer();
    await clock.advance(0);
  }
  assert.deepEqual(first.asked, [1, 4, 5, 3, 2]);
  assert.equal((await results[3])?.[0], 4);
});

test('a process has one window at a time, and all processes work', async () => {
  const { clock, spawned, run, scheduler } = crewOf(2);
  for (let mark = 1; mark <= 3; mark += 1) void run(mark);
  assert.deepEqual(
    spawned.map(({ asked }) => asked),
    [[1], [2]],
  );
  assert.equal(scheduler.stats.waiting, 1);
  spawned[1]?.answer();
  await clock.advance(0);
  assert.deepEqual(spawned[1]?.asked, [2, 3]);
});

test('a waiting window nobody needs any more is dropped, a running one ignored', async () => {
  const { clock, first, run, scheduler } = crewOf(1);
  const interrupted = new AbortController();
  const running = run(1, 100, interrupted.signal);
  const waiting = run(2, 200, interrupted.signal);
  const other = run(3, 300);
  interrupted.abort(new Error('interrupted'));
  await assert.rejects(running, /interrupted/);
  await assert.rejects(waiting, /interrupted/);
  await assert.rejects(run(4, 100, interrupted.signal), /interrupted/);
  first.answer();
  await clock.advance(0);
  first.answer();
  assert.equal((await other)[0], 3);
  assert.deepEqual(first.asked, [1, 3]);
  assert.equal(scheduler.stats.failures, 0);
});

test('when a process dies its window is tried once more, and another process takes its place at once', async () => {
  const { clock, first, latest, run, scheduler, notices } = crewOf(1);
  const result = run(1);
  first.die();
  await clock.advance(0);
  assert.notEqual(latest(), first);
  assert.deepEqual(latest().asked, [1]);
  latest().answer();
  assert.equal((await result)[0], 1);
  assert.equal(scheduler.stats.restarts, 1);
  assert.deepEqual(notices, ['Lost a face process: it died.']);
});

test('a window whose process dies twice, or that would come too late, fails', async () => {
  const { clock, first, latest, run, scheduler } = crewOf(1);
  const twice = run(1);
  first.die();
  await clock.advance(0);
  latest().die();
  await assert.rejects(twice, failed);
  await clock.advance(0);
  const late = run(2, clock.now() + 99);
  latest().die();
  await assert.rejects(late, failed);
  assert.equal(scheduler.stats.failures, 2);
});

test('nonsense from the model fails its window at once and costs the process', async () => {
  const { clock, first, latest, run } = crewOf(1);
  const result = run(1);
  first.sicken();
  await assert.rejects(result, failed);
  await clock.advance(0);
  assert.notEqual(latest(), first);
});

test('the other processes go on unmoved while one is replaced', async () => {
  const { clock, spawned, first, run } = crewOf(2);
  const [, second] = spawned;
  void run(1);
  const unmoved = run(2);
  first.die();
  await clock.advance(0);
  assert.equal(spawned.length, 3);
  assert.equal(second?.isBusy, true);
  second?.answer();
  assert.equal((await unmoved)[0], 2);
});

test('five deaths in a minute stop it for a minute; one window done well brings it back', async () => {
  const { clock, spawned, latest, run, scheduler, notices } = crewOf(2);
  const waiting = [run(1), run(2), run(3)];
  for (let death = 0; death < 5; death += 1) {
    latest().die();
    await clock.advance(1000);
  }
  assert.equal(scheduler.ready, false);
  assert.equal(scheduler.stats.breaker, 'open');
  await assert.rejects(Promise.any(waiting.slice(1)), AggregateError);
  await assert.rejects(run(4), { ...failed, retryable: true, retryAfterMs: 59_000 });
  const before = spawned.length;
  spawned[0]?.answer();
  assert.equal((await waiting[0])?.[0], 1);
  await clock.advance(58_000);
  assert.equal(spawned.length, before);
  await clock.advance(1000);
  assert.equal(scheduler.ready, true);
  assert.equal(scheduler.stats.breaker, 'half-open');
  const probe = run(5);
  const second = run(6);
  assert.equal(scheduler.stats.running, 1);
  spawned.find(({ isBusy }) => isBusy)?.answer();
  assert.equal((await probe)[0], 5);
  await clock.advance(0);
  assert.equal(scheduler.stats.breaker, 'closed');
  assert.equal(scheduler.stats.processes, 2);
  spawned.find(({ isBusy }) => isBusy)?.answer();
  assert.equal((await second)[0], 6);
  assert.deepEqual(notices.slice(-2), [
    'Face processes keep dying (5 in a minute): a plainer face for 60 s.',
    'Face processes work again.',
  ]);
  await scheduler.close();
  assert.equal(clock.pendingTimers, 0);
});

test('a death while it tries again stops it for another minute', async () => {
  const { clock, spawned, starts, first, run, scheduler } = crewOf(1);
  starts.fail = true;
  first.die();
  await clock.advance(0);
  assert.equal(scheduler.stats.breaker, 'open');
  assert.equal(spawned.length, 1);
  starts.fail = false;
  await clock.advance(60_000);
  const probe = run(1);
  spawned.at(-1)?.die();
  await clock.advance(0);
  await assert.rejects(probe, failed);
  assert.equal(scheduler.stats.breaker, 'open');
  await clock.advance(59_999);
  assert.equal(scheduler.ready, false);
  await clock.advance(1);
  assert.equal(scheduler.ready, true);
  await scheduler.close();
});

test('deaths that are far apart stop nothing', async () => {
  const { clock, latest, scheduler } = crewOf(1);
  for (let death = 0; death < 20; death += 1) {
    latest().die();
    await clock.advance(15_001);
  }
  assert.equal(scheduler.ready, true);
  assert.equal(scheduler.stats.restarts, 20);
});

test('late windows are counted, and delivered all the same', async () => {
  const { clock, first, run, scheduler } = crewOf(1);
  const late = run(1, 100);
  const inTime = run(2, 400);
  await clock.advance(200);
  assert.equal(scheduler.stats.oldestWaitMs, 200);
  first.answer();
  await clock.advance(0);
  first.answer();
  await Promise.all([late, inTime]);
  assert.equal(scheduler.stats.deadlineMisses, 1);
  assert.equal(scheduler.stats.runs, 2);
});

test('the time of a window follows what runs take, and the load what is busy', async () => {
  const { clock, first, run, scheduler } = crewOf(1);
  assert.deepEqual(scheduler.windowMs, { p50: 100, p95: 100 });
  for (let mark = 0; mark < 64; mark += 1) {
    const result = run(mark);
    await clock.advance(mark === 63 ? 900 : 250);
    first.answer();
    await result;
  }
  assert.deepEqual(scheduler.windowMs, { p50: 250, p95: 250 });
  assert.ok(scheduler.stats.utilisation > 0.75, String(scheduler.stats.utilisation));
  await clock.advance(60_000);
  assert.ok(scheduler.stats.utilisation < 0.01);
});

test('how long a window may take before its process is taken for hung follows what windows take', async () => {
  const { clock, first, run } = crewOf(1);
  for (let mark = 0; mark < 64; mark += 1) {
    const result = run(mark);
    await clock.advance(mark < 60 ? 200 : 1500);
    first.answer();
    await result;
  }
  void run(64);
  assert.deepEqual([first.limits[0], first.limits[30]], [1000, 1600]);
  assert.equal(first.limits.at(-1), 3000);
});

test('beyond its bound the least urgent window fails, not the newest', async () => {
  const { first, run, scheduler } = crewOf(1);
  void run(0);
  const least = run(1, 1e6);
  for (let mark = 2; mark <= MAX_WAITING_JOBS; mark += 1) void run(mark, 1000);
  const urgent = run(999, 10);
  await assert.rejects(least, { ...failed, retryable: true });
  assert.equal(scheduler.stats.waiting, MAX_WAITING_JOBS);
  first.answer();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(first.asked.at(-1), 999);
  first.answer();
  assert.equal((await urgent)[0], 999);
});

test('closing fails what runs and waits, ends every process and takes nothing more', async () => {
  const { clock, spawned, run, scheduler } = crewOf(2);
  const results = [run(1), run(2), run(3)];
  await Promise.all([scheduler.close(), scheduler.close()]);
  for (const result of results) await assert.rejects(result, /closed/);
  await assert.rejects(run(4), /closed/);
  assert.equal(scheduler.ready, false);
  assert.equal(spawned.length, 2);
  assert.ok(spawned.every(({ isClosed }) => isClosed));
  assert.equal(clock.pendingTimers, 0);
});

test('whatever happens, every window is settled exactly once and no process has two', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('run' as const), dueIn: fc.integer({ min: 0, max: 2000 }) }),
    fc.record({ do: fc.constantFrom('answer', 'die', 'sicken', 'abort' as const), at: fc.nat(9) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ do: fc.constant('starts' as const), fail: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 40 }),
      async (size, steps) => {
        const { clock, spawned, starts, scheduler, run } = crewOf(size);
        const aborts: AbortController[] = [];
        const settled: number[] = [];
        let asked = 0;
        for (const now of steps) {
          if (now.do === 'run') {
            const mark = asked;
            const abort = new AbortController();
            aborts.push(abort);
            asked += 1;
            run(mark, clock.now() + now.dueIn, abort.signal).then(
              (weights) => settled.push(weights[0] ?? -1),
              () => settled.push(mark),
            );
          } else if (now.do === 'wait') await clock.advance(now.ms);
          else if (now.do === 'starts') starts.fail = now.fail;
          else if (now.do === 'abort') aborts[now.at]?.abort(new Error('interrupted'));
          else spawned.filter(({ isBusy }) => isBusy)[now.at % size]?.[now.do]();
          await clock.advance(0);
        }
        await scheduler.close();
        await clock.advance(0);
        assert.deepEqual(
          settled.sort((a, b) => a - b),
          Array.from({ length: asked }, (_, mark) => mark),
        );
        assert.equal(clock.pendingTimers, 0);
        assert.equal(scheduler.stats.running + scheduler.stats.waiting, 0);
      },
    ),
    { numRuns: 150 },
  );
});
