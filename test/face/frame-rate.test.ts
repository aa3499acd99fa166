import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FRAME_RATES } from '../../src/config/face-settings.ts';
import type { FaceFrame } from '../../src/face/animator.ts';
import { atFrameRate } from '../../src/face/frame-rate.ts';
import { framesOf } from '../support/faces.ts';

/** Frames whose first weight follows a curve; the second counts. */
async function* frames(count: number, curve: (index: number) => number): AsyncGenerator<FaceFrame, void> {
  for (let index = 0; index < count; index += 1) {
    yield { index, weights: Float32Array.of(curve(index), index) };
  }
}

test('the same rate passes the frames through', async () => {
  const passed = await framesOf(
    atFrameRate(
      frames(5, (index) => index / 10),
      30,
      30,
    ),
  );
  assert.deepEqual(passed, await framesOf(frames(5, (index) => index / 10)));
});

test('at any rate the frames cover the same time, numbered without a gap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(200), fc.constantFrom(...FRAME_RATES), async (count, fps) => {
      const resampled = await framesOf(
        atFrameRate(
          frames(count, () => 0.5),
          30,
          fps,
        ),
      );
      assert.equal(resampled.length, Math.ceil((count * fps) / 30));
      for (const [index, frame] of resampled.entries()) assert.equal(frame.index, index);
    }),
  );
});

test('a straight line stays the same straight line, apart from its ends', async () => {
  for (const fps of [24, 25, 50, 60]) {
    const line = (seconds: number) => 0.1 + 0.2 * seconds;
    const resampled = await framesOf(
      atFrameRate(
        frames(90, (index) => line((index + 0.5) / 30)),
        30,
        fps,
      ),
    );
    for (const { index, weights } of resampled) {
      const middle = (index + 0.5) / fps;
      if (middle < 0.5 / 30 || middle > 89.5 / 30) continue;
      assert.ok(Math.abs((weights[0] ?? 0) - line(middle)) < 1e-6, `${fps} a second, frame ${index}`);
    }
  }
});

test('no weight leaves the range of its two neighbours, and a rising curve never falls', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(...FRAME_RATES),
      async (curve, fps) => {
        const resampled = await framesOf(
          atFrameRate(
            frames(curve.length, (index) => curve[index] ?? 0),
            30,
            fps,
          ),
        );
        let before = 0;
        for (const { weights } of resampled) {
          const [value = Number.NaN, position = Number.NaN] = weights;
          const neighbours = [curve[Math.floor(position)] ?? 0, curve[Math.ceil(position)] ?? 0];
          assert.ok(value >= Math.min(...neighbours) - 1e-6 && value <= Math.max(...neighbours) + 1e-6);
          assert.ok(position >= before);
          before = position;
        }
      },
    ),
  );
});

test('the ends hold the first and the last face', async () => {
  const resampled = await framesOf(
    atFrameRate(
      frames(3, (index) => index + 1),
      30,
      60,
    ),
  );
  assert.deepEqual(
    resampled.map(({ weights }) => weights[0]),
    [1, 1.25, 1.75, 2.25, 2.75, 3],
  );
});

test('a frame comes as soon as the frames around it are there', async () => {
  let asked = 0;
  async function* source(): AsyncGenerator<FaceFrame, void> {
    for (let index = 0; index < 10; index += 1) {
      asked += 1;
      yield { index, weights: Float32Array.of(0) };
    }
  }
  const resampled = atFrameRate(source(), 30, 60);
  for (const needed of [1, 2, 2, 3, 3, 4]) {
    await resampled.next();
    assert.equal(asked, needed);
  }
});

test('every face is the reader’s own', async () => {
  const one: FaceFrame = { index: 0, weights: Float32Array.of(0.5) };
  async function* source(): AsyncGenerator<FaceFrame, void> {
    yield one;
  }
  const resampled = await framesOf(atFrameRate(source(), 30, 60));
  resampled[0]?.weights.fill(9);
  assert.equal(one.weights[0], 0.5);
  assert.equal(resampled[1]?.weights[0], 0.5);
});

test('a reader who stops early, and an animator that fails, end both', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<FaceFrame, void> {
    try {
      yield { index: 0, weights: Float32Array.of(0) };
      yield { index: 1, weights: Float32Array.of(0) };
      throw new Error('the animator failed');
    } finally {
      ended = true;
    }
  }
  for await (const _ of atFrameRate(source(), 30, 25)) break;
  assert.equal(ended, true);
  await assert.rejects(framesOf(atFrameRate(source(), 30, 25)), /the animator failed/);
});

test('visemes are mixed as the weights are', async () => {
  async function* told(): AsyncGenerator<FaceFrame, void> {
    for await (const frame of frames(30, (index) => index / 30))
      yield { ...frame, visemes: frame.weights.slice() };
  }
  for (const frame of await framesOf(atFrameRate(told(), 30, 50)))
    assert.deepEqual(frame.visemes, frame.weights);
  const none = await framesOf(
    atFrameRate(
      frames(30, () => 0),
      30,
      50,
    ),
  );
  assert.ok(none.every(({ visemes }) => visemes === undefined));
});
