import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BandLevels } from '../../../src/face/loudness/band-levels.ts';
import {
  CLOSED_MOUTH,
  type MouthShape,
  mixMouths,
  mouthReader,
  mouthWeights,
} from '../../../src/face/loudness/mouth-shape.ts';
import { BLENDSHAPE_INDEX, type Blendshape, restWeights } from '../../../src/protocol/blendshapes.ts';

const LOUD: BandLevels = { whole: 0.2, first: 0.2, back: 0.05, front: 0.05, hiss: 0.001 };

function weightOf(mouth: Partial<MouthShape>, name: Blendshape): number {
  return mouthWeights({ ...CLOSED_MOUTH, ...mouth })[BLENDSHAPE_INDEX[name]] ?? Number.NaN;
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

test('a closed mouth is the face at rest', () => {
  assert.deepEqual(mouthWeights(CLOSED_MOUTH), restWeights());
});

test('opening lowers the lip more than the jaw, on both sides alike', () => {
  const open = { open: 1, jaw: 1 };
  assert.ok(weightOf(open, 'mouthLowerDownLeft') > weightOf(open, 'jawOpen'));
  assert.equal(weightOf(open, 'mouthLowerDownLeft'), weightOf(open, 'mouthLowerDownRight'));
  assert.ok(weightOf(open, 'jawOpen') > weightOf({ open: 1 }, 'jawOpen'));
});

test('rounding puckers the lips and takes back the smile; spreading stretches it', () => {
  assert.ok(weightOf({ open: 1, round: 1 }, 'mouthPucker') > weightOf({ open: 1 }, 'mouthPucker') + 0.2);
  assert.ok(weightOf({ open: 1, round: 1 }, 'mouthSmileLeft') < weightOf({ open: 1 }, 'mouthSmileLeft'));
  assert.ok(weightOf({ open: 1, spread: 1 }, 'mouthStretchLeft') > weightOf({ open: 1 }, 'mouthStretchLeft'));
});

test('any mouth makes 52 weights within 0 and 1', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.record({ open: share, jaw: share, round: share, spread: share, hiss: share }), (mouth) => {
      const weights = mouthWeights(mouth);
      assert.equal(weights.length, 52);
      assert.ok(weights.every((weight) => weight >= 0 && weight <= 1));
    }),
  );
});

test('a mix of two mouths lies between them', () => {
  const wide: MouthShape = { open: 1, jaw: 0.8, round: 0, spread: 0.6, hiss: 0 };
  assert.deepEqual(mixMouths(CLOSED_MOUTH, wide, 0), CLOSED_MOUTH);
  assert.deepEqual(mixMouths(CLOSED_MOUTH, wide, 1), wide);
  assert.deepEqual(mixMouths(CLOSED_MOUTH, wide, 0.5), {
    open: 0.5,
    jaw: 0.4,
    round: 0,
    spread: 0.3,
    hiss: 0,
  });
});

test('quiet is a closed mouth, loud an open one', () => {
  const read = mouthReader();
  assert.deepEqual(read({ whole: 0, first: 0, back: 0, front: 0, hiss: 0 }), CLOSED_MOUTH);
  assert.deepEqual(read({ whole: 0.003, first: 0.003, back: 0.001, front: 0.001, hiss: 0 }), CLOSED_MOUTH);
  assert.equal(read(LOUD).open, 1);
});

test('the second formant tells rounded, open and spread apart', () => {
  const round = mouthReader()({ ...LOUD, back: 0.1, front: 0.01 });
  const ah = mouthReader()({ ...LOUD, back: 0.1, front: 0.05 });
  const spread = mouthReader()({ ...LOUD, back: 0.02, front: 0.1 });
  assert.ok(round.round > 0.9 && round.spread === 0);
  assert.ok(ah.jaw > 0.5 && ah.round < 0.5 && ah.spread === 0);
  assert.ok(spread.spread > 0.9 && spread.round === 0 && spread.jaw === 0);
});

test('a hiss shows the teeth and leaves the jaw alone', () => {
  const mouth = mouthReader()({ whole: 0.1, first: 0.005, back: 0.005, front: 0.01, hiss: 0.1 });
  assert.equal(mouth.hiss, mouth.open);
  assert.equal(mouth.jaw, 0);
  assert.equal(mouth.round + mouth.spread, 0);
});

test('a mouth that a shout has spoiled opens for a quiet voice again after some seconds', () => {
  const read = mouthReader();
  const quiet: BandLevels = { whole: 0.02, first: 0.02, back: 0.005, front: 0.005, hiss: 0 };
  const fresh = mouthReader()(quiet).open;
  read({ ...LOUD, whole: 1 });
  const after = read(quiet).open;
  for (let frame = 0; frame < 300; frame += 1) read(quiet);
  assert.ok(after < 0.2 && fresh > after);
  assert.ok(read(quiet).open >= fresh);
});

test('whatever the levels, every part of the mouth is within 0 and 1, and the parts fit the opening', () => {
  const level = fc.double({ min: 0, max: 1.5, noNaN: true });
  const levels = fc.record({ whole: level, first: level, back: level, front: level, hiss: level });
  fc.assert(
    fc.property(fc.array(levels, { minLength: 1, maxLength: 20 }), (frames) => {
      const read = mouthReader();
      for (const mouth of frames.map(read)) {
        assert.ok(Object.values(mouth).every((part) => part >= 0 && part <= 1));
        assert.ok(Math.max(mouth.jaw, mouth.round, mouth.spread) <= mouth.open - mouth.hiss + 1e-9);
      }
    }),
  );
  assertNear(mouthReader()({ whole: 0, first: 1, back: 1, front: 1, hiss: 1 }).open, 0);
});
