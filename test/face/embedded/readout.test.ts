import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../../../src/errors.ts';
import { compileReadout, readReadout } from '../../../src/face/embedded/readout.ts';
import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX } from '../../../src/protocol/blendshapes.ts';
import { ownFolder } from '../../support/model.ts';

const FEATURES = ['jaw', 'closure'];

function compiled(channels: Record<string, { bias: number; terms: Record<string, number> }>) {
  return compileReadout({ name: 'own', about: '', channels }, FEATURES, 'own.json');
}

function weightsOf(channels: Parameters<typeof compiled>[0], ...features: number[]): Float32Array {
  const weights = new Float32Array(BLENDSHAPE_COUNT);
  compiled(channels)(Float32Array.from(features), weights);
  return weights;
}

test('a weight is the bias and the terms, kept within 0 and 1', () => {
  const channels = { jawOpen: { bias: 0.1, terms: { jaw: 0.5, closure: -1 } } };
  const jaw = (...features: number[]) => weightsOf(channels, ...features)[BLENDSHAPE_INDEX.jawOpen] ?? -1;
  assert.ok(Math.abs(jaw(0.4, 0) - 0.3) < 1e-6);
  assert.equal(jaw(1, 1), 0);
  assert.equal(jaw(10, 0), 1);
});

test('a channel without a side means both, one with a side only that', () => {
  const weights = weightsOf(
    { mouthSmile: { bias: 0.2, terms: {} }, mouthPressLeft: { bias: 0.3, terms: {} } },
    0,
    0,
  );
  const moved = [...weights.entries()].filter(([, weight]) => weight > 0).map(([column]) => column);
  const { mouthSmileLeft, mouthSmileRight, mouthPressLeft } = BLENDSHAPE_INDEX;
  assert.deepEqual(
    moved,
    [mouthSmileLeft, mouthSmileRight, mouthPressLeft].sort((a, b) => a - b),
  );
});

test('whatever is in the file and the features, weights are finite and within 0 and 1', () => {
  const amount = fc.double({ min: -10, max: 10, noNaN: true });
  const channel = fc.record({ bias: amount, terms: fc.record({ jaw: amount, closure: amount }) });
  fc.assert(
    fc.property(
      channel,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (jawOpen, jaw, closure) =>
        weightsOf({ jawOpen }, jaw, closure).every((weight) => weight >= 0 && weight <= 1),
    ),
  );
});

test('what is wrong with a file is said in one line that names the place', async (context) => {
  const folder = await ownFolder(context);
  const cases: readonly [unknown, RegExp][] = [
    ['{', /FACE_READOUT: .*own\.json: .*JSON/],
    [[], /own\.json: file: /],
    [{ channels: {} }, /own\.json: name: /],
    [{ name: 'x', channels: { jawOpen: { terms: { jaw: 'wide' } } } }, /channels\.jawOpen\.terms\.jaw: /],
    [{ name: 'x', channels: { jawOpen: { terms: { jaw: 11 } } } }, /channels\.jawOpen\.terms\.jaw: /],
    [{ name: 'x', channels: { jawopen: { terms: {} } } }, /channels\.jawopen: not one of the 52/],
    [{ name: 'x', channels: {}, channel: {} }, /own\.json: file: .*channel/],
  ];
  for (const [content, message] of cases) {
    const path = join(folder, 'own.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    assert.throws(
      () => readReadout(path),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.problems.length, 1);
        assert.match(error.problems[0] ?? '', message);
        assert.ok(!error.problems[0]?.includes('\n'));
        return true;
      },
    );
  }
  assert.throws(() => readReadout(join(folder, 'none.json')), /FACE_READOUT: .*none\.json/);
});

test('a term that is no feature of the model is named, with those there are', () => {
  assert.throws(
    () => compiled({ jawOpen: { bias: 0, terms: { jawe: 1 } } }),
    /channels\.jawOpen\.terms\.jawe: no feature of the model \(jaw, closure\)/,
  );
});
