import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LoadOrder } from '../../../src/face/engine/inference-messages.ts';
import { startInferenceProcess } from '../../../src/face/engine/inference-process.ts';
import { testVowel } from '../../../src/face/engine/self-check.ts';
import { LAM_A2E } from '../../../src/testing/onnx/contract.ts';
import { type TinyModelOptions, writeTinyModel } from '../../../src/testing/onnx/tiny-model.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';

const folders = await mkdtemp(join(tmpdir(), 'inference-process-'));
after(() => rm(folders, { recursive: true }));

/** Starts a real process with a tiny model; its limits go by a clock that stands still. */
async function start(model: TinyModelOptions = {}, order: Partial<LoadOrder> = {}, signal?: AbortSignal) {
  const path = await writeTinyModel(await mkdtemp(join(folders, 'model-')), model);
  const clock = new FakeClock();
  const inference = await startInferenceProcess({
    order: {
      path,
      columnNames: undefined,
      threads: 1,
      sampleRate: 16_000,
      outputs: [],
      identity: 11,
      knownOrder: undefined,
      ...order,
    },
    variables: {},
    clock,
    signal: signal ?? new AbortController().signal,
  });
  const vowel = testVowel(inference.report.shape.windowSamples, 16_000);
  return { inference, clock, path, vowel, run: () => inference.run(vowel, 1000) };
}

/** The process of the operating system; signal 0 only asks whether it is there. */
function signalTo(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  assert.ok(pid !== undefined);
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** What starting with this model says. */
async function complaint(model: TinyModelOptions, order: Partial<LoadOrder> = {}): Promise<string> {
  const error = await start(model, order).then(
    () => assert.fail('it started'),
    (thrown: Error & { code: string }) => thrown,
  );
  assert.equal(error.code, 'model_unusable');
  assert.ok(!error.message.includes('\n'), error.message);
  return error.message;
}

test('a window gives what the model gives when it is run directly', async () => {
  const { inference, path, vowel, run } = await start();
  const session = await InferenceSession.create(path);
  const feeds = { audio_waveform: new Tensor('float32', vowel, [1, vowel.length]) };
  const direct = (await session.run(feeds))['blendshapes'];
  assert.deepEqual(inference.report.shape, {
    sampleRate: 16_000,
    windowSamples: 34_133,
    windowFrames: 64,
    rowWidth: 52,
    fixedWindow: false,
  });
  assert.deepEqual(inference.report.warnings, []);
  assert.deepEqual(await run(), direct?.data);
  assert.notEqual(await run(), await run());
  await inference.close();
  assert.equal(signalTo(inference.pid, 0), false);
});

test('a model in Apple’s order gives the same faces', async () => {
  const [usual, apple] = await Promise.all([start(), start({ order: 'apple' })]);
  assert.match(apple.inference.report.warnings.join(), /Apple's order/);
  assert.deepEqual(await apple.run(), await usual.run());
  await Promise.all([usual.inference.close(), apple.inference.close()]);
});

test('a speaking style is passed on, a fixed window kept, a second output left alone', async () => {
  const [first, second] = await Promise.all([
    start({ contract: LAM_A2E }, { identity: 0 }),
    start({ contract: LAM_A2E }, { identity: 11 }),
  ]);
  assert.equal(first.inference.report.shape.windowSamples, 16_000);
  const weights = await first.run();
  assert.equal(weights.length, 30 * 52);
  assert.notDeepEqual(weights, await second.run());
  await Promise.all([first.inference.close(), second.inference.close()]);
  assert.match(await complaint({ contract: LAM_A2E }, { identity: 12 }), /12 speaking styles \(0 to 11\)/);
});

test('a model that cannot be used says why in one line', async () => {
  const said = await Promise.all([
    complaint({ fault: 'nan' }),
    complaint({ fault: 'columns' }),
    complaint({ fault: 'frames' }),
    complaint({ claimedOpset: 99 }),
    complaint({}, { path: '/nowhere/model.onnx' }),
  ]);
  const expected = [
    /gave NaN/,
    /no output of 52 weights/,
    /\[1, 63, 52\] instead of/,
    /Opset 99/,
    /cannot be loaded/,
  ];
  expected.forEach((pattern, at) => {
    assert.match(said[at] ?? '', pattern);
  });
});

test('NaN in a later window fails that window and ends the process', async () => {
  const { inference, vowel } = await start({ fault: 'nan-when-loud' });
  const loud = vowel.with(100, 1);
  await assert.rejects(inference.run(loud, 1000), { code: 'face_failed', retryable: false, message: /NaN/ });
  assert.match(await inference.ended, /sick: it gave NaN/);
});

test('a process that is killed fails its window at once, and can be told from one that is sick', async () => {
  const { inference, run } = await start();
  signalTo(inference.pid, 'SIGSTOP');
  const result = run();
  signalTo(inference.pid, 'SIGKILL');
  await assert.rejects(result, { code: 'face_failed', retryable: true });
  assert.match(await inference.ended, /ended \(SIGKILL\)/);
  await assert.rejects(run(), { code: 'face_failed' });
});

test('a process that hangs is killed at its limit', async () => {
  const { inference, clock, run } = await start();
  signalTo(inference.pid, 'SIGSTOP');
  const result = run();
  result.catch(() => undefined);
  await clock.advance(1000);
  assert.equal(signalTo(inference.pid, 0), true);
  await clock.advance(100);
  await assert.rejects(result, { code: 'face_failed', message: /did not answer within 1000 ms/ });
  await inference.ended;
  assert.equal(signalTo(inference.pid, 0), false);
  assert.equal(clock.pendingTimers, 0);
});

test('a process that has answered is not killed when this one stood still meanwhile', async () => {
  const { inference, clock, run } = await start();
  const result = run();
  await clock.freeze(60_000);
  assert.equal((await result).length, 64 * 52);
  await inference.close();
});

test('the signals of a terminal and of systemd do not end it: its server still needs it', async () => {
  const { inference, run } = await start();
  signalTo(inference.pid, 'SIGINT');
  signalTo(inference.pid, 'SIGTERM');
  assert.equal((await run()).length, 64 * 52);
  await inference.close();
});

test('a start that is aborted leaves no process', async () => {
  const abort = new AbortController();
  const starting = start({}, {}, abort.signal);
  starting.catch(() => undefined);
  setImmediate(() => abort.abort(new Error('not needed')));
  await assert.rejects(starting, /not needed/);
});
