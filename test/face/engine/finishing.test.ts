import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lips } from '../../../src/face/animator.ts';
import { ENGINE_DEFAULTS, type EngineSettings } from '../../../src/face/engine/engine-settings.ts';
import { Finishing } from '../../../src/face/engine/finishing.ts';
import { FrameLevels } from '../../../src/face/engine/frame-levels.ts';
import { Predictions } from '../../../src/face/engine/seam.ts';
import { BLENDSHAPE_INDEX, type Blendshape, restWeights } from '../../../src/protocol/blendshapes.ts';

type Curve = (frame: number) => number;

/** Nothing is done to the frames but what a test asks for. */
const NOTHING: EngineSettings = {
  ...ENGINE_DEFAULTS,
  silenceDbfs: undefined,
  smoothing: false,
  symmetry: false,
  closureSharpening: 0,
};

/** Finishes 60 frames of curves and levels (dBFS), the levels the same all over a frame unless `least` says otherwise. */
function finish(
  settings: Partial<EngineSettings>,
  curves: Partial<Record<Blendshape, Curve>>,
  levelOf: Curve = () => -20,
  leastOf: Curve = levelOf,
  lipsAt?: (frame: number) => Lips,
): (name: Blendshape) => number[] {
  const rows = new Float32Array(60 * 52);
  for (const [name, curve] of Object.entries(curves)) {
    for (let frame = 0; frame < 60; frame += 1) {
      rows[frame * 52 + BLENDSHAPE_INDEX[name as Blendshape]] = curve(frame);
    }
  }
  const predictions = new Predictions(52);
  predictions.join(rows, 0, 0, 60);
  const levels = new FrameLevels();
  for (let frame = 0; frame < 60; frame += 1) {
    levels.push({ wholeDbfs: levelOf(frame), leastDbfs: leastOf(frame), mostDbfs: levelOf(frame) });
  }
  const finishing = new Finishing({ ...NOTHING, ...settings }, lipsAt);
  const frames = Array.from({ length: 60 }, (_, frame) =>
    finishing.finish({ predictions, levels, frame, total: undefined }),
  );
  return (name) => frames.map(({ weights }) => weights[BLENDSHAPE_INDEX[name]] ?? Number.NaN);
}

test('the gate closes the mouth after five quiet frames and opens it just before the next word', () => {
  const quiet = (frame: number) => frame >= 20 && frame < 40;
  const jaw = finish({ silenceDbfs: -50 }, { jawOpen: () => 0.8 }, (frame) => (quiet(frame) ? -60 : -20))(
    'jawOpen',
  );
  const rest = restWeights()[BLENDSHAPE_INDEX.jawOpen] ?? 0;
  const open = (frame: number) => ((jaw[frame] ?? 0) - rest) / (0.8 - rest);
  assert.ok(open(23) > 0.99, 'a stop consonant does not close it');
  assert.ok(open(28) < 0.01);
  assert.ok(open(36) < 0.01);
  assert.ok(open(37) > 0.2 && open(40) > 0.99);
});

test('what nobody has heard yet does not close the gate', () => {
  const predictions = new Predictions(52);
  predictions.join(new Float32Array(40 * 52).fill(0.5), 0, 0, 40);
  const levels = new FrameLevels();
  for (let frame = 0; frame < 20; frame += 1) levels.push({ wholeDbfs: -20, leastDbfs: -20, mostDbfs: -20 });
  const finishing = new Finishing({ ...NOTHING, silenceDbfs: -50 });
  const frames = Array.from({ length: 40 }, (_, frame) =>
    finishing.finish({ predictions, levels, frame, total: undefined, heardTo: 20 }),
  );
  assert.equal(frames[39]?.weights[BLENDSHAPE_INDEX.jawOpen], 0.5);
});

test('levels between the two thresholds neither close nor open the gate', () => {
  const openness = (levelOf: Curve) =>
    finish({ silenceDbfs: -50 }, { mouthFunnel: () => 1 }, levelOf)('mouthFunnel');
  assert.ok(
    openness(() => -48).every((weight) => weight === 0),
    'murmur opens it',
  );
  assert.ok(
    openness((frame) => (frame < 10 ? -20 : -48))
      .slice(10)
      .every((weight) => weight === 1),
    'murmur closes it',
  );
});

test('smoothing keeps straight lines and takes out jitter', () => {
  const line = finish({ smoothing: true }, { jawOpen: (frame) => 0.1 + frame / 100 })('jawOpen');
  for (let frame = 5; frame < 55; frame += 1)
    assert.ok(Math.abs((line[frame] ?? 0) - 0.1 - frame / 100) < 1e-6);
  const jitter = finish(
    { smoothing: true },
    { jawOpen: (frame) => 0.5 + 0.1 * (frame % 2) },
  )('jawOpen').slice(5, 55);
  assert.ok(Math.max(...jitter) - Math.min(...jitter) < 0.04);
});

test('symmetry gives both sides their average', () => {
  const shown = finish({ symmetry: true }, { mouthSmileLeft: () => 0.4, mouthSmileRight: () => 0.2 });
  assert.ok(Math.abs((shown('mouthSmileLeft')[30] ?? 0) - 0.3) < 1e-6);
  assert.deepEqual(shown('mouthSmileLeft'), shown('mouthSmileRight'));
});

/** A mouth that the model begins to close at frame 30, as at a b, and the sound of it. */
const HINTED: Partial<Record<Blendshape, Curve>> = {
  jawOpen: (frame) => (Math.abs(frame - 30) < 2 ? 0.01 : 0.1),
  mouthLowerDownLeft: (frame) => (Math.abs(frame - 30) < 2 ? 0.2 : 0.4),
  mouthLowerDownRight: (frame) => (Math.abs(frame - 30) < 2 ? 0.2 : 0.4),
  mouthClose: (frame) => (Math.abs(frame - 30) < 2 ? 0.09 : 0.02),
};
const stop: Curve = (frame) => (frame === 30 ? -45 : -20);

test('a closure that model and sound agree on is finished', () => {
  const apertures = (closureSharpening: number) => {
    const shown = finish({ closureSharpening }, HINTED, undefined, stop);
    const [jaw, lower, close] = (['jawOpen', 'mouthLowerDownLeft', 'mouthClose'] as const).map(shown);
    return Array.from(
      { length: 60 },
      (_, at) => (jaw?.[at] ?? 1) + (lower?.[at] ?? 1) / 2 - (close?.[at] ?? 1) / 2,
    );
  };
  const [none, half, whole] = [apertures(0), apertures(0.5), apertures(1)];
  assert.ok((whole[30] ?? 1) < 0.16 * Math.max(...none), `${whole[30]}`);
  assert.ok((half[30] ?? 0) > (whole[30] ?? 1) && (half[30] ?? 1) < (none[30] ?? 0));
  for (const frame of [20, 40]) assert.equal(whole[frame], none[frame]);
});

test('smoothing does not open lips that are closed for a frame', () => {
  const lipsAt = (frame: number) => ({ closed: frame === 30 ? 1 : 0, bitten: 0 });
  const lower = finish(
    { closureSharpening: 1, smoothing: true },
    { mouthLowerDownLeft: (frame) => (frame === 30 ? 0 : 0.4) },
    undefined,
    undefined,
    lipsAt,
  )('mouthLowerDownLeft');
  assert.equal(lower[30], 0);
});

test('without the sound’s dip, without the model’s hint, or switched off, nothing is closed', () => {
  const untouched = finish({}, HINTED)('mouthLowerDownLeft');
  assert.deepEqual(finish({ closureSharpening: 1 }, HINTED)('mouthLowerDownLeft'), untouched);
  const open = { ...HINTED, mouthClose: () => 0.02 };
  assert.deepEqual(finish({ closureSharpening: 1 }, open, undefined, stop)('mouthLowerDownLeft'), untouched);
});

test('what another face knows of the lips is believed, whatever the weights hint at', () => {
  const shapes = (closed: number, bitten: number) => {
    const predictions = new Predictions(52);
    const row = new Float32Array(52).fill(0.5);
    predictions.join(row, 0, 0, 1);
    const finishing = new Finishing({ ...NOTHING, closureSharpening: 1 }, () => ({ closed, bitten }));
    const levels = new FrameLevels();
    levels.push({ wholeDbfs: -20, leastDbfs: -20, mostDbfs: -20 });
    const { weights } = finishing.finish({ predictions, levels, frame: 0, total: undefined });
    return (name: Blendshape) => weights[BLENDSHAPE_INDEX[name]] ?? Number.NaN;
  };
  const open = shapes(0, 0);
  const closed = shapes(1, 0);
  const bitten = shapes(0, 1);
  // The first frame of a turn is a quarter of the way from rest.
  assert.equal(open('mouthLowerDownLeft'), 0.125);
  for (const name of ['jawOpen', 'mouthLowerDownLeft', 'mouthUpperUpLeft'] as const)
    assert.ok(closed(name) < 0.5 * open(name), name);
  assert.ok(bitten('mouthLowerDownLeft') < 0.8 * open('mouthLowerDownLeft'));
  assert.ok(bitten('mouthLowerDownLeft') > 2 * closed('mouthLowerDownLeft'), 'at f lips do not meet');
  assert.equal(bitten('mouthUpperUpLeft'), open('mouthUpperUpLeft'));
});
