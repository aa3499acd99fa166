import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aperture } from '../../../src/face/engine/aperture.ts';
import { LipCloser } from '../../../src/face/engine/lip-closing.ts';
import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX, type Blendshape } from '../../../src/protocol/blendshapes.ts';

const OPEN = { closed: 0, bitten: 0 };
const CLOSED = { closed: 1, bitten: 0 };
const BITTEN = { closed: 0, bitten: 1 };

function face(shapes: Partial<Record<Blendshape, number>>): Float32Array {
  const weights = new Float32Array(BLENDSHAPE_COUNT);
  for (const [name, weight] of Object.entries(shapes)) weights[BLENDSHAPE_INDEX[name as Blendshape]] = weight;
  return weights;
}

/** An open mouth in the style of the full-size model. */
const vowel = () =>
  face({ jawOpen: 0.15, mouthLowerDownLeft: 0.4, mouthLowerDownRight: 0.4, mouthUpperUpLeft: 0.2 });

/** What becomes of a face after the mouth was open for a while. */
function closed(weights: Float32Array, lips = CLOSED): Float32Array {
  const closer = new LipCloser();
  closer.close(vowel(), OPEN);
  closer.close(weights, lips);
  return weights;
}

test('lips meet, and no further than it takes', () => {
  const widest = aperture(vowel());
  const left = aperture(closed(vowel()));
  assert.ok(left < 0.16 * widest && left > 0.13 * widest, `${left} of ${widest}`);
});

test('lips that meet already are left where they are', () => {
  const nearly = { jawOpen: 0.02, mouthLowerDownLeft: 0.02, mouthLowerDownRight: 0.02 };
  const weights = closed(face(nearly));
  for (const [name, weight] of Object.entries(nearly))
    assert.equal(weights[BLENDSHAPE_INDEX[name as Blendshape]], Math.fround(weight));
});

test('mouthClose comes first, and rises to the jaw at most; then lips; then the jaw', () => {
  const shapes = { jawOpen: 0.08, mouthLowerDownLeft: 0.02, mouthLowerDownRight: 0.02 };
  const little = closed(face(shapes));
  const close = little[BLENDSHAPE_INDEX.mouthClose] ?? 0;
  assert.ok(close > 0.05 && close <= 0.08);
  assert.equal(little[BLENDSHAPE_INDEX.mouthLowerDownLeft], Math.fround(0.02));
  const much = closed(vowel());
  assert.equal(much[BLENDSHAPE_INDEX.mouthClose], Math.fround(0.15));
  assert.ok((much[BLENDSHAPE_INDEX.mouthLowerDownLeft] ?? 1) < 0.2);
  assert.ok((much[BLENDSHAPE_INDEX.jawOpen] ?? 0) > 0.05);
});

test('at the very beginning, where no mouth was open yet, lips close wholly', () => {
  const weights = vowel();
  new LipCloser().close(weights, CLOSED);
  assert.ok(aperture(weights) < 1e-6);
});

test('at f the lower lip rises and rolls in, but lips do not meet', () => {
  const weights = closed(vowel(), BITTEN);
  const lower = weights[BLENDSHAPE_INDEX.mouthLowerDownLeft] ?? 0;
  assert.ok(lower < 0.35 && lower > 0.2);
  assert.ok((weights[BLENDSHAPE_INDEX.mouthRollLower] ?? 0) > 0.05);
  assert.equal(weights[BLENDSHAPE_INDEX.mouthUpperUpLeft], Math.fround(0.2));
});

test('whatever the face and the lips, weights stay finite and within 0 and 1, and no mouth is opened', () => {
  const weight = fc.float({ min: 0, max: 1, noNaN: true });
  const lips = fc.record({ closed: weight, bitten: weight });
  const faces = fc.array(fc.tuple(fc.array(weight, { minLength: 52, maxLength: 52 }), lips), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(faces, (turn) => {
      const closer = new LipCloser();
      for (const [shapes, contacts] of turn) {
        const weights = Float32Array.from(shapes);
        const before = aperture(weights);
        closer.close(weights, contacts);
        assert.ok(weights.every((value) => value >= 0 && value <= 1));
        assert.ok(aperture(weights) <= before + 1e-6);
      }
    }),
  );
});
