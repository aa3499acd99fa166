import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gainApplier, withGains } from '../../../src/face/engine/gains.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { BLENDSHAPE_INDEX, BLENDSHAPES } from '../../../src/protocol/blendshapes.ts';
import { animate, curveOf } from '../../support/faces.ts';
import { babble } from '../../support/sounds.ts';

test('a weight is multiplied and shifted, others stay', () => {
  const weights = new Float32Array(52).fill(0.2);
  gainApplier({ intensity: 1, gains: new Map([['jawOpen', { gain: 2, offset: 0.1 }]]) })?.(weights);
  assert.equal(weights[BLENDSHAPE_INDEX.jawOpen], 0.5);
  assert.equal(weights[BLENDSHAPE_INDEX.mouthPucker], Math.fround(0.2));
});

test('whatever the gains, weights stay within 0 and 1', () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...BLENDSHAPES),
      number,
      number,
      fc.double({ min: 0, max: 4, noNaN: true }),
      (name, gain, offset, intensity) => {
        for (const start of [0, 0.5, 1]) {
          const weights = new Float32Array(52).fill(start);
          gainApplier({ intensity, gains: new Map([[name, { gain, offset }]]) })?.(weights);
          assert.ok(weights.every((weight) => weight >= 0 && weight <= 1));
        }
      },
    ),
  );
});

test('intensity opens the mouth wider and leaves the rest', async () => {
  const pcm = babble(16_000, 2);
  const plain = await animate(loudnessAnimator(), [pcm], 16_000);
  const wide = await animate(
    withGains(loudnessAnimator(), { intensity: 1.5, gains: new Map() }),
    [pcm],
    16_000,
  );
  const widest = (frames: typeof plain) => Math.max(...curveOf(frames, 'mouthLowerDownLeft'));
  assert.ok(Math.abs(widest(wide) / widest(plain) - 1.5) < 0.01);
  assert.deepEqual(curveOf(wide, 'mouthPucker'), curveOf(plain, 'mouthPucker'));
});

test('gains that change nothing leave the animator itself', () => {
  const animator = loudnessAnimator();
  const gains = new Map([['jawOpen' as const, { gain: 1, offset: 0 }]]);
  assert.equal(withGains(animator, { intensity: 1, gains }), animator);
});
