import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceError } from '../../../src/errors.ts';
import { type RaiseProcesses, raiseProcesses, type Spawn } from '../../../src/face/engine/pool-size.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { FakeInferenceProcess } from '../../support/fake-inference-process.ts';

/** A machine to measure: how long a window takes with so many threads, and with so many processes at work. */
interface Machine {
  readonly cores: number;
  readonly windowMs: (threads: number) => number;
  readonly realCores?: number;
  /** Until then (ms) something else keeps all but one core busy. */
  readonly busyUntilMs?: number;
  readonly memory?: { readonly held: number; readonly left: number };
}

/** Raises processes on it; each window takes its time on the fake clock. */
async function raiseOn(machine: Machine, set: Partial<RaiseProcesses> = {}) {
  const { cores, windowMs, realCores = cores, busyUntilMs = 0, memory = { held: 1, left: 1e9 } } = machine;
  const clock = new FakeClock();
  const notices: string[] = [];
  const spawned: (Spawn & { process: FakeInferenceProcess })[] = [];
  const spawn = async (how: Spawn) => {
    const ms = windowMs(how.threads);
    const process = new FakeInferenceProcess({ runMs: [ms, ms, ms], memory });
    const run = process.run.bind(process);
    process.run = (samples, limitMs) => {
      const result = run(samples, limitMs);
      const alive = spawned.filter((other) => !other.process.isClosed).length;
      const coresNow = clock.now() < busyUntilMs ? 1 : realCores;
      clock.at(clock.now() + ms * Math.max(1, alive / coresNow), () => process.answer());
      return result;
    };
    spawned.push({ ...how, process });
    return process;
  };
  const raising = raiseProcesses({
    spawn,
    cores,
    processes: undefined,
    threads: undefined,
    clock,
    onNotice: (line) => notices.push(line),
    signal: new AbortController().signal,
    ...set,
  });
  raising.catch(() => undefined);
  await clock.advance(60_000);
  const alive = () => spawned.filter(({ process }) => !process.isClosed);
  return { raising, alive, spawned, notices };
}

/** A large model: threads bring nothing. */
const large = () => 250;

test('a large model gets one process of one thread for each core', async () => {
  const { raising, alive, notices } = await raiseOn({ cores: 4, windowMs: large });
  const { members, threads } = await raising;
  assert.equal(members.length, 4);
  assert.equal(threads, 1);
  assert.ok(alive().every((spawned) => spawned.threads === 1));
  assert.deepEqual(notices, [
    'Face model: 4 processes of 1 thread, 250 ms a window alone, 250 ms when 4 work at once.',
  ]);
});

test('where the cores turn out to be fewer than they seem, processes that only share them are closed', async () => {
  const { raising, alive } = await raiseOn({ cores: 8, realCores: 2, windowMs: large });
  assert.equal((await raising).members.length, 2);
  assert.equal(alive().length, 2);
});

test('that something else is busy for a moment while it is measured costs no process', async () => {
  const { raising, notices } = await raiseOn({ cores: 4, windowMs: large, busyUntilMs: 1500 });
  assert.equal((await raising).members.length, 4);
  assert.match(notices.join(), /250 ms a window alone, 250 ms when 4 work at once/);
});

test('two processes stay even where one would do, for when one dies', async () => {
  const { raising } = await raiseOn({ cores: 2, realCores: 1, windowMs: large });
  assert.equal((await raising).members.length, 2);
});

test('a quick model gets two processes, however many cores there are', async () => {
  const { raising } = await raiseOn({ cores: 16, windowMs: () => 2 });
  assert.equal((await raising).members.length, 2);
});

test('processes take no more memory than there is, and use the other cores where threads are quicker', async () => {
  const memory = { held: 550, left: 700 };
  const scaling = await raiseOn({ cores: 8, windowMs: (threads) => 300 / threads, memory });
  const { members, threads } = await scaling.raising;
  assert.deepEqual([members.length, threads], [2, 4]);
  assert.deepEqual(
    scaling.alive().map((spawned) => spawned.threads),
    [4, 4],
  );
  const stubborn = await raiseOn({ cores: 8, windowMs: large, memory });
  assert.equal((await stubborn.raising).threads, 1);
  assert.deepEqual(
    stubborn.alive().map((spawned) => spawned.threads),
    [1, 1],
  );
});

test('what the operator sets is not measured', async () => {
  const { raising, spawned } = await raiseOn(
    { cores: 8, realCores: 1, windowMs: large },
    { processes: 3, threads: 2 },
  );
  assert.equal((await raising).members.length, 3);
  assert.deepEqual(
    spawned.map(({ threads }) => threads),
    [2, 2, 2],
  );
});

test('only the first process listens to its columns; the others are told', async () => {
  const { spawned } = await raiseOn({ cores: 2, windowMs: large });
  assert.deepEqual(
    spawned.map(({ knownOrder }) => knownOrder === undefined),
    [true, false],
  );
});

test('where some processes do not start, those that do are enough; where none does, its reason is told', async () => {
  const refusal = new InferenceError('face_failed', 'no memory');
  let starts = 0;
  const { raising, notices } = await raiseOn(
    { cores: 3, windowMs: large },
    {
      processes: 3,
      spawn: async () => {
        starts += 1;
        if (starts === 2) throw refusal;
        return new FakeInferenceProcess();
      },
    },
  );
  assert.equal((await raising).members.length, 2);
  assert.equal(notices[0], 'A face process did not start: no memory.');
  const none = await raiseOn({ cores: 3, windowMs: large }, { spawn: () => Promise.reject(refusal) });
  await assert.rejects(none.raising, refusal);
});

test('a start that is aborted leaves no process', async () => {
  const abort = new AbortController();
  const { raising, spawned } = await raiseOn(
    { cores: 2, windowMs: large },
    { signal: abort.signal, onNotice: () => undefined, clock: abortingClock(abort) },
  );
  await assert.rejects(raising, /stopped/);
  assert.ok(spawned.length > 0 && spawned.every(({ process }) => process.isClosed));
});

/** A clock whose first reading aborts: the processes are up by then, the measurement begins. */
function abortingClock(abort: AbortController): FakeClock {
  const clock = new FakeClock();
  const now = clock.now.bind(clock);
  clock.now = () => {
    abort.abort(new Error('stopped'));
    return now();
  };
  return clock;
}
