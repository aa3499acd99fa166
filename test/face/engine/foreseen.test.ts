import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followLoudness } from '../../../src/face/engine/foreseen.ts';
import { FrameLevels } from '../../../src/face/engine/frame-levels.ts';

/** A weight guessed at 0.4 for frame 3, by sound as loud as that of frames 1 and 2, once frame 3 is as loud as this. */
function corrected(beforeDbfs: number, nowDbfs: number, frame = 3, heardTo = 3): number {
  const levels = new FrameLevels();
  for (const dbfs of [-120, beforeDbfs, beforeDbfs, nowDbfs])
    levels.push({ wholeDbfs: dbfs, leastDbfs: dbfs, mostDbfs: dbfs });
  const weights = Float32Array.of(0.4);
  followLoudness(weights, Float32Array.of(0.1), levels, frame, heardTo);
  return weights[0] ?? Number.NaN;
}

function near(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-6, `${found} instead of ${wanted}`);
}

test('a guess keeps its size while speech goes on, closes where it stops, and grows twofold at most', () => {
  near(corrected(-20, -20), 0.4);
  near(corrected(-20, -40), 0.25);
  near(corrected(-20, -70), 0.1);
  near(corrected(-50, -40), 0.7);
  near(corrected(-50, -20), 0.7);
});

test('after silence, which tells nothing of the shape, a guess grows no further either', () => {
  near(corrected(-120, -20), 0.7);
});

test('a face whose sound the model has heard, or that nobody has heard yet, is left alone', () => {
  near(corrected(-20, -70, 3, 4), 0.4);
  near(corrected(-20, -70, 4, 3), 0.4);
});
