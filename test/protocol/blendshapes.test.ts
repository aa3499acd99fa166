import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BLENDSHAPE_COUNT,
  BLENDSHAPE_INDEX,
  BLENDSHAPES,
  restWeights,
} from '../../src/protocol/blendshapes.ts';

test('there are 52 names, all different, in alphabetical order', () => {
  assert.equal(BLENDSHAPES.length, 52);
  assert.equal(BLENDSHAPE_COUNT, 52);
  assert.equal(new Set(BLENDSHAPES).size, 52);
  assert.deepEqual([...BLENDSHAPES].sort(), [...BLENDSHAPES]);
});

test('names stand where the face model puts them', () => {
  assert.equal(BLENDSHAPES[0], 'browDownLeft');
  assert.equal(BLENDSHAPES[8], 'eyeBlinkLeft');
  assert.equal(BLENDSHAPES[24], 'jawOpen');
  assert.equal(BLENDSHAPES[33], 'mouthLowerDownLeft');
  assert.equal(BLENDSHAPES[34], 'mouthLowerDownRight');
  assert.equal(BLENDSHAPES[51], 'tongueOut');
});

test('every left shape has its right one', () => {
  const names: readonly string[] = BLENDSHAPES;
  for (const name of names.filter((candidate) => candidate.endsWith('Left'))) {
    assert.ok(names.includes(name.replace(/Left$/, 'Right')), name);
  }
});

test('the index gives each name its own column', () => {
  for (const [index, name] of BLENDSHAPES.entries()) assert.equal(BLENDSHAPE_INDEX[name], index);
  assert.equal(Object.keys(BLENDSHAPE_INDEX).length, 52);
  assert.ok(Object.isFrozen(BLENDSHAPE_INDEX));
});

test('the face at rest smiles slightly, and everything else but a hint of the jaw is 0', () => {
  const moved = Object.fromEntries(
    BLENDSHAPES.map((name, index) => [name, restWeights()[index] ?? Number.NaN] as const).filter(
      ([, weight]) => weight !== 0,
    ),
  );
  assert.deepEqual(moved, {
    jawOpen: Math.fround(0.02),
    mouthSmileLeft: Math.fround(0.2),
    mouthSmileRight: Math.fround(0.2),
  });
});

test('everyone gets a face at rest of their own', () => {
  restWeights().fill(1);
  assert.equal(restWeights()[0], 0);
});
