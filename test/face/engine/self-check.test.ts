import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPLE_ORDER, LAM_ORDER, orderOf } from '../../../src/face/engine/column-order.ts';
import { outputFault, tidyWeights } from '../../../src/face/engine/model-output.ts';
import { judgeColumns, testVowel } from '../../../src/face/engine/self-check.ts';
import { BLENDSHAPE_INDEX, BLENDSHAPES, type Blendshape } from '../../../src/protocol/blendshapes.ts';
import { COLUMN_ORDERS } from '../../../src/testing/onnx/column-order.ts';

const FRAMES = 3;
const APPLE_NAMES = APPLE_ORDER.map((_, column) => BLENDSHAPES[APPLE_ORDER.indexOf(column)]);

/** Weights as a model of that order gives them: these blendshapes, all else at rest. */
function raw(order: readonly number[], open: Partial<Record<Blendshape, number>>): Float32Array {
  const weights = new Float32Array(FRAMES * 52).fill(0.01);
  for (let frame = 0; frame < FRAMES; frame += 1)
    for (const [name, weight] of Object.entries(open))
      weights[frame * 52 + (order[BLENDSHAPE_INDEX[name as Blendshape]] ?? 0)] = weight;
  return weights;
}

/** The style of the real model: it opens with the lower lip more than with the jaw. */
const OPEN = { mouthLowerDownLeft: 0.5, mouthLowerDownRight: 0.48, jawOpen: 0.15, mouthUpperUpLeft: 0.2 };
const rest = raw(LAM_ORDER, {});

test("Apple's order is the one in the tests' own table: jawOpen at 17", () => {
  assert.equal(APPLE_ORDER[BLENDSHAPE_INDEX.jawOpen], 17);
  assert.deepEqual(APPLE_NAMES, COLUMN_ORDERS.apple);
  assert.deepEqual(orderOf(APPLE_NAMES), APPLE_ORDER);
});

test('names are an order only if they are the 52, each once', () => {
  assert.deepEqual(orderOf([...BLENDSHAPES]), LAM_ORDER);
  assert.equal(orderOf(BLENDSHAPES.slice(1)), undefined);
  assert.equal(orderOf([...BLENDSHAPES.slice(1), 'jawOpen']), undefined);
  assert.equal(orderOf('jawOpen'), undefined);
});

test('a vowel that opens the mouth tells the usual order from Apple’s', () => {
  assert.deepEqual(judgeColumns(raw(LAM_ORDER, OPEN), rest, undefined), { order: LAM_ORDER, warnings: [] });
  const apple = judgeColumns(raw(APPLE_ORDER, OPEN), rest, undefined);
  assert.deepEqual(apple.order, APPLE_ORDER);
  assert.match(apple.warnings.join(), /Apple's order; they are rearranged/);
});

test('the names beside the model count unless a vowel shows otherwise', () => {
  const confirmed = judgeColumns(raw(APPLE_ORDER, OPEN), rest, APPLE_NAMES);
  assert.deepEqual(confirmed.order, APPLE_ORDER);
  const refuted = judgeColumns(raw(LAM_ORDER, OPEN), rest, APPLE_NAMES);
  assert.deepEqual(refuted.order, LAM_ORDER);
  assert.match(refuted.warnings.join(), /names the columns in another order/);
  const backwards = BLENDSHAPES.toReversed();
  const own = judgeColumns(raw(orderOf(backwards) ?? [], OPEN), rest, backwards);
  assert.deepEqual(own.order, orderOf(backwards));
  assert.deepEqual(own.warnings, []);
  assert.match(judgeColumns(raw(LAM_ORDER, OPEN), rest, ['jawOpen']).warnings.join(), /are not the 52 names/);
});

test('a model that does not open its mouth is taken as its names say, with a warning', () => {
  const closed = judgeColumns(rest, rest, undefined);
  assert.deepEqual(closed.order, LAM_ORDER);
  assert.match(closed.warnings.join(), /does not open its mouth/);
  assert.deepEqual(judgeColumns(rest, rest, APPLE_NAMES).order, APPLE_ORDER);
});

test('the test vowel is loud enough, does not clip, and repeats', () => {
  const vowel = testVowel(16_000, 16_000);
  assert.equal(vowel.length, 16_000);
  const peak = vowel.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  assert.ok(Math.abs(peak - 0.4) < 1e-6);
  assert.deepEqual(vowel, testVowel(16_000, 16_000));
});

test('a wrong shape, NaN or what is far outside 0..1 is a fault; a rounding is not', () => {
  const fault = (weights: Float32Array, dimensions = [1, FRAMES, 52]) =>
    outputFault(weights, dimensions, FRAMES);
  assert.equal(fault(rest), undefined);
  assert.match(fault(rest, [1, 4, 52]) ?? '', /\[1, 4, 52\] instead of \[1, 3, 52\]/);
  assert.match(fault(rest.subarray(1)) ?? '', /instead of/);
  for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, 1.1, -0.1])
    assert.match(fault(raw(LAM_ORDER, { tongueOut: weight })) ?? '', /as a weight/);
  assert.equal(fault(raw(LAM_ORDER, { tongueOut: 1.01, jawOpen: -0.01 })), undefined);
});

test('weights are rearranged and brought into 0..1', () => {
  const weights = tidyWeights(
    raw(APPLE_ORDER, { jawOpen: 1.01, tongueOut: -0.01, mouthClose: 0.5 }),
    APPLE_ORDER,
  );
  assert.equal(weights[BLENDSHAPE_INDEX.jawOpen], 1);
  assert.equal(weights[52 + BLENDSHAPE_INDEX.tongueOut], 0);
  assert.equal(weights[104 + BLENDSHAPE_INDEX.mouthClose], 0.5);
});
