import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frameStart } from '../../../src/audio/pcm.ts';
import { InferenceError } from '../../../src/errors.ts';
import type { FaceFrame } from '../../../src/face/animator.ts';
import { engineAnimator } from '../../../src/face/engine/engine-animator.ts';
import { ENGINE_DEFAULTS, type EngineSettings } from '../../../src/face/engine/engine-settings.ts';
import { WindowStream } from '../../../src/face/engine/window-stream.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { BLENDSHAPES, restWeights } from '../../../src/protocol/blendshapes.ts';
import { SAMPLE_RATES } from '../../../src/protocol/sample-rates.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { animate, correlation, curveOf, framesOf } from '../../support/faces.ts';
import { cutRandomly, noise, seededRandom, silence } from '../../support/sounds.ts';
import {
  FakeInference,
  type FakeInferenceOptions,
  fakeModel,
  MODEL_SHAPE,
  MOVING,
} from './fake-inference.ts';
import { wanderingSpeech } from './wandering-speech.ts';

const RATE = 16_000;

/** Nothing but the windows: what can be compared with the model itself. */
const BARE: EngineSettings = {
  ...ENGINE_DEFAULTS,
  silenceDbfs: undefined,
  smoothing: false,
  symmetry: false,
  closureSharpening: 0,
};

function speech(seconds: number): Int16Array {
  return wanderingSpeech(RATE, seconds);
}

function engine(settings: EngineSettings, options: FakeInferenceOptions = {}) {
  const inference = new FakeInference(options);
  const clock = new FakeClock();
  return { inference, clock, animator: engineAnimator({ inference, clock, settings }) };
}

/** One pass of the model over the whole sound, with silence around it as the windows have. */
function offline(pcm: Int16Array): Float32Array[] {
  const samples = new Float32Array(pcm.length + 2 * 8000);
  for (const [index, sample] of pcm.entries()) samples[8000 + index] = sample / 32_768;
  const rows = fakeModel(samples, MODEL_SHAPE);
  const frames = Math.ceil((pcm.length * 30) / RATE);
  return Array.from({ length: frames }, (_, frame) => rows.slice((frame + 15) * 52, (frame + 16) * 52));
}

/** Frames while the sound comes: after each piece everything that can be there is read. */
async function streamed(
  pieces: readonly Int16Array[],
  settings: EngineSettings,
): Promise<{ frames: FaceFrame[]; seams: number[]; inference: FakeInference }> {
  const { inference, animator } = engine(settings);
  const stream = animator.open({ sampleRate: RATE, signal: new AbortController().signal });
  const frames: FaceFrame[] = [];
  const seams: number[] = [];
  let jobs = 0;
  const reading = (async () => {
    for await (const frame of stream.frames) {
      if (inference.jobs.length !== jobs) seams.push(frame.index);
      jobs = inference.jobs.length;
      frames.push(frame);
    }
  })();
  for (const piece of pieces) {
    stream.push(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await reading;
  return { frames, seams, inference };
}

test('however the sound is cut, the face is that of one pass over the whole sound', async () => {
  const pcm = speech(12);
  const reference = offline(pcm);
  let atSeams = 0;
  let elsewhere = 0;
  let seamCount = 0;
  let otherCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 200, max: 40_000 }), async (seed, longest) => {
      const { frames, seams, inference } = await streamed(
        cutRandomly(pcm, longest, seededRandom(seed)),
        BARE,
      );
      assert.equal(frames.length, reference.length);
      assert.equal(inference.mostInFlight, 1);
      for (const name of MOVING) {
        const found = correlation(
          curveOf(frames, name),
          reference.map((weights) => weights[BLENDSHAPES.indexOf(name)] ?? 0),
        );
        assert.ok(found >= 0.98, `${name}: ${found}`);
      }
      const change = (index: number) =>
        MOVING.reduce((sum, name) => {
          const curve = [frames[index - 1], frames[index]].map(
            (frame) => frame?.weights[BLENDSHAPES.indexOf(name)] ?? 0,
          );
          return sum + Math.abs((curve[1] ?? 0) - (curve[0] ?? 0));
        }, 0);
      const near = new Set(seams.flatMap((seam) => [seam, seam + 1, seam + 2]));
      for (let index = 4; index < frames.length - 4; index += 1) {
        if (near.has(index)) {
          atSeams += change(index);
          seamCount += 1;
        } else {
          elsewhere += change(index);
          otherCount += 1;
        }
      }
    }),
    { numRuns: 8 },
  );
  const ratio = atSeams / seamCount / (elsewhere / otherCount);
  assert.ok(ratio > 0.8 && ratio < 1.25, `change at seams ${ratio}`);
});

test('as many frames come as the loudness face makes, at any rate and however the sound is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20_000),
      fc.constantFrom(...SAMPLE_RATES),
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(),
      async (length, sampleRate, longest, seed) => {
        const pcm = noise(length, 1, 0.9, seed);
        const pieces = cutRandomly(pcm, longest, seededRandom(seed));
        const frames = await animate(engine(ENGINE_DEFAULTS).animator, pieces, sampleRate);
        const others = await animate(loudnessAnimator(), pieces, sampleRate);
        assert.equal(frames.length, others.length);
        for (const [index, frame] of frames.entries()) {
          assert.equal(frame.index, index);
          assert.ok(frame.weights.every((weight) => weight >= 0 && weight <= 1));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('the last frames of a window wait for their future while more sound is expected', async () => {
  for (const holdBackFrames of [0, 3, 6]) {
    const { animator } = engine({ ...BARE, holdBackFrames });
    const stream = animator.open({ sampleRate: RATE, signal: new AbortController().signal });
    const frames: FaceFrame[] = [];
    const reading = (async () => {
      for await (const frame of stream.frames) frames.push(frame);
    })();
    stream.push(speech(frameStart(20, RATE, 30) / RATE + 0.005)); // the resampler passes this rate through
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(frames.length, 20 - holdBackFrames);
    stream.end();
    await reading;
    assert.equal(frames.length, 21);
  }
});

test('held-back frames go out when playback would starve, and not before', async () => {
  const { animator, clock } = engine(BARE);
  const stream = animator.open({
    sampleRate: RATE,
    signal: new AbortController().signal,
    dueAt: (index) => 500 + index * (1000 / 30),
  });
  const cameAt: number[] = [];
  void (async () => {
    for await (const { index } of stream.frames) cameAt[index] = clock.now();
  })();
  stream.push(speech(0.335)); // ten frames, and then the agent thinks
  await clock.advance(1000);
  assert.equal(cameAt.length, 10);
  assert.equal(cameAt[6], 0);
  for (const index of [7, 8, 9]) {
    const earlyMs = 500 + index * (1000 / 30) - (cameAt[index] ?? Number.NaN);
    assert.ok(earlyMs > 5 && earlyMs < 20, `frame ${index} came ${earlyMs} ms early`);
  }
});

test('sound in real time is taken in hops of the length asked for, and in larger ones once it is far ahead', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: 60 });
  const animator = engineAnimator({ inference, clock, settings: BARE });
  const begin = (leadMs: number) => {
    const playsFrom = clock.now() + leadMs;
    const stream = animator.open({
      sampleRate: RATE,
      signal: new AbortController().signal,
      dueAt: (index) => playsFrom + index * (1000 / 30),
    });
    void framesOf(stream.frames);
    return stream;
  };
  const realTime = begin(700);
  for (let step = 0; step < 100; step += 1) {
    realTime.push(speech(0.1));
    await clock.advance(100);
  }
  realTime.end();
  await clock.advance(1000);
  const hops = inference.jobs.length;
  assert.ok(hops >= 18 && hops <= 26, `${hops} windows for ten seconds`);

  inference.jobs.length = 0;
  const farAhead = begin(0);
  for (let step = 0; step < 100; step += 1) {
    farAhead.push(speech(step === 0 ? 3.1 : 0.1));
    await clock.advance(100);
  }
  farAhead.end();
  await clock.advance(3000);
  assert.ok(inference.jobs.length <= 14, `${inference.jobs.length} windows for thirteen seconds`);
});

test('an abort leaves nothing pending, whoever waits for what', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: 100 });
  const animator = engineAnimator({ inference, clock, settings: ENGINE_DEFAULTS });
  for (const pauseMs of [0, 50, 150]) {
    const abort = new AbortController();
    const stream = animator.open({
      sampleRate: RATE,
      signal: abort.signal,
      dueAt: (index) => 5000 + index * 33,
    });
    const reading = framesOf(stream.frames);
    stream.push(speech(1));
    await clock.advance(pauseMs);
    abort.abort();
    stream.push(speech(1));
    stream.end();
    await reading;
    await clock.advance(0);
    assert.equal(clock.pendingTimers, 0);
    assert.equal(inference.inFlight, 0);
  }
});

test('a reader that stops early ends the window under way', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: 100 });
  const stream = engineAnimator({ inference, clock, settings: BARE }).open({
    sampleRate: RATE,
    signal: new AbortController().signal,
  });
  const reading = (async () => {
    for await (const { index } of stream.frames) if (index === 3) break;
  })();
  stream.push(speech(10));
  await clock.advance(150);
  await reading;
  await clock.advance(0);
  assert.equal(inference.inFlight, 0);
  assert.equal(clock.pendingTimers, 0);
});

test('an hour of sound in odd chunks: every frame is there, and old sound is gone', async () => {
  const inference = new FakeInference({ model: () => new Float32Array(64 * 52) });
  const clock = new FakeClock();
  const stream = new WindowStream(
    { sampleRate: RATE, signal: new AbortController().signal },
    { inference, clock, settings: ENGINE_DEFAULTS },
  );
  let frames = 0;
  const reading = (async () => {
    for await (const { index } of stream.frames) {
      assert.equal(index, frames);
      frames += 1;
    }
  })();
  const random = seededRandom(5);
  const minute = noise(RATE, 60, 0.3);
  const total = 3600 * RATE + 123;
  let most = 0;
  for (let pushed = 0; pushed < total; ) {
    const length = Math.min(total - pushed, 1 + Math.floor(random() * 30_000));
    const start = Math.floor(random() * (minute.length - length));
    stream.push(minute.subarray(start, start + length));
    pushed += length;
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, stream.heldSamples);
  }
  stream.end();
  await reading;
  assert.equal(frames, Math.ceil((total * 30) / RATE));
  assert.ok(most < 10 * RATE, `${most} samples held`);
});

test('in silence the mouth is closed and still, even where the model sees something in the noise', async () => {
  const { animator } = engine(ENGINE_DEFAULTS, { model: () => new Float32Array(64 * 52).map(Math.random) });
  for (const { weights } of await animate(animator, [noise(RATE, 3, 0.001)], RATE)) {
    assert.deepEqual(weights, restWeights());
  }
});

test('a turn begins and ends near rest', async () => {
  const { animator } = engine({ ...BARE }, { model: () => new Float32Array(64 * 52).fill(1) });
  const jaw = curveOf(await animate(animator, [speech(2)], RATE), 'jawOpen');
  const rounded = (curve: readonly number[]) => curve.map((weight) => Number(weight.toFixed(3)));
  assert.deepEqual(rounded(jaw.slice(0, 5)), [0.265, 0.51, 0.755, 1, 1]);
  assert.deepEqual(rounded(jaw.slice(-4)), [1, 0.755, 0.51, 0.265]);
});

test('a window that fails is tried again; the face fails at the fifth in a row', async () => {
  const once = engine(BARE, { fails: (run) => run === 0 });
  assert.equal((await animate(once.animator, [speech(1)], RATE)).length, 30);

  for (const [model, reason] of [
    [() => new Float32Array(64 * 52).fill(Number.NaN), /no usable weights/],
    [() => new Float32Array(3), /no usable weights/],
  ] as const) {
    const broken = engine(BARE, { model });
    const failing = assert.rejects(animate(broken.animator, [speech(1)], RATE), (error: unknown) => {
      assert.ok(error instanceof InferenceError);
      return reason.test(error.message);
    });
    await broken.clock.advance(3000);
    await failing;
    assert.equal(broken.inference.jobs.length, 5);
    assert.equal(broken.clock.pendingTimers, 0);
  }
});

test('a window says by when it is needed: its first new frame, less what it takes and two frames', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: 80 });
  const stream = engineAnimator({ inference, clock, settings: BARE }).open({
    sampleRate: RATE,
    signal: new AbortController().signal,
    dueAt: (index) => 1000 + index * (1000 / 30),
  });
  const reading = framesOf(stream.frames);
  stream.push(silence(RATE, 1));
  await clock.advance(100);
  stream.push(silence(RATE, 1));
  stream.end();
  await clock.advance(100);
  await reading;
  const margin = 80 + 2 * (1000 / 30);
  // The first window covers 30 frames, the last three of which are made again.
  for (const [run, firstNew] of [0, 27].entries()) {
    assert.ok(Math.abs((inference.jobs[run]?.dueAt ?? 0) - (1000 + firstNew * (1000 / 30) - margin)) < 1e-6);
  }
});
