import '../support/page-modules.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BLENDSHAPES, type Blendshape } from '../../src/protocol/blendshapes.ts';
import type { EyePose } from '../../web/face/head/eye.ts';

const { HeadModel } = await import('../../web/face/head/model.ts');
const { paletteOf, THEME } = await import('../../web/face/head/palette.ts');
const { AROUND, BORDER, CONTACT, oppositeColumn } = await import('../../web/face/head/lips.ts');
const { HEAD_HEIGHT } = await import('../../web/face/head/space.ts');

type Weights = Partial<Record<Blendshape, number>>;
type Point = readonly [x: number, y: number, z: number];

/** Every shape moves something by at least this share of the head's height: 2 pixels of a head 270 high. */
const VISIBLE = 0.0075 * HEAD_HEIGHT;

/** Lips this close touch: a pixel of a head 1000 high. */
const TOUCHING = 0.001 * HEAD_HEIGHT;

const model = new HeadModel(paletteOf(THEME));

/** What the head is like with these weights, as the face draws it. */
function posed(weights: Weights): Float32Array {
  const amount = (name: Blendshape) => weights[name] ?? 0;
  const eye = (side: 'Left' | 'Right'): EyePose => {
    const outward = side === 'Left' ? 1 : -1;
    return {
      closed: amount(`eyeBlink${side}`),
      wide: amount(`eyeWide${side}`),
      squint: amount(`eyeSquint${side}`),
      cheek: amount(`cheekSquint${side}`),
      lookLeft: outward * (amount(`eyeLookOut${side}`) - amount(`eyeLookIn${side}`)),
      lookUp: amount(`eyeLookUp${side}`) - amount(`eyeLookDown${side}`),
    };
  };
  model.pose({ amount, left: eye('Left'), right: eye('Right') });
  return model.positions.slice();
}

const rest = posed({});

function point(positions: Float32Array, vertex: number): Point {
  return [positions[3 * vertex] ?? 0, positions[3 * vertex + 1] ?? 0, positions[3 * vertex + 2] ?? 0];
}

/** How far a vertex goes from rest. */
function moved(weights: Weights, vertex: number): Point {
  const [x, y, z] = point(posed(weights), vertex);
  const [rx, ry, rz] = point(rest, vertex);
  return [x - rx, y - ry, z - rz];
}

const onLips = (ring: number, column: number) => model.skin.part.first + ring * AROUND + column;
const leftCorner = onLips(BORDER, 0);
const rightCorner = onLips(BORDER, AROUND / 2);
const upperMiddle = onLips(CONTACT, AROUND / 4);
const lowerMiddle = onLips(CONTACT, (3 * AROUND) / 4);

/** The vertex of the skin nearest to a place in front. */
function skinAt(x: number, y: number): number {
  const { part } = model.skin;
  let best = part.first;
  let least = Number.POSITIVE_INFINITY;
  for (let vertex = part.first + (BORDER + 1) * AROUND; vertex < part.first + part.count; vertex += 1) {
    const [vx, vy, vz] = point(rest, vertex);
    const distance = Math.hypot(vx - x, vy - y) + (vz < 0 ? 9 : 0);
    if (distance < least) [best, least] = [vertex, distance];
  }
  return best;
}

const chin = skinAt(0, -0.93);

/** How far apart the lips are at a column of the upper one. */
function gap(positions: Float32Array, column: number): number {
  return (
    point(positions, onLips(CONTACT, column))[1] -
    point(positions, onLips(CONTACT, oppositeColumn(column)))[1]
  );
}

function widestGap(weights: Weights): number {
  const positions = posed(weights);
  return Math.max(...Array.from({ length: AROUND / 2 - 1 }, (_, index) => gap(positions, index + 1)));
}

function mouthWidth(weights: Weights): number {
  const positions = posed(weights);
  return point(positions, leftCorner)[0] - point(positions, rightCorner)[0];
}

/** The mean height (or another coordinate) of a part. */
function middle(
  positions: Float32Array,
  { first, count }: { first: number; count: number },
  axis: number,
): number {
  let sum = 0;
  for (let vertex = first; vertex < first + count; vertex += 1) sum += positions[3 * vertex + axis] ?? 0;
  return sum / count;
}

describe('the head', () => {
  it('is light: a few thousand vertices', () => {
    assert.ok(model.sculpture.vertexCount < 8000, `${model.sculpture.vertexCount} vertices`);
    assert.ok(Math.max(...model.indices) < model.sculpture.vertexCount);
  });

  for (const name of BLENDSHAPES) {
    it(`shows ${name}`, () => {
      const positions = posed({ [name]: 1 });
      let farthest = 0;
      for (let vertex = 0; vertex < model.movingVertices; vertex += 1) {
        const [a, b] = [point(positions, vertex), point(rest, vertex)];
        farthest = Math.max(farthest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
      assert.ok(farthest > VISIBLE, `moves ${(farthest / HEAD_HEIGHT).toFixed(4)} of the head's height`);
    });
  }

  it('mirrors the shapes of its two sides', () => {
    const names = BLENDSHAPES.filter((name) => name.endsWith('Left'));
    assert.equal(names.length, 20);
    for (const name of names) {
      const other = name.replace(/Left$/, 'Right') as Blendshape;
      const [left, right] = [posed({ [name]: 1 }), posed({ [other]: 1 })];
      // On the upper lip a column's mirror is as far from the right corner as it is from the left one.
      for (let ring = CONTACT; ring < model.skin.part.count / AROUND; ring += 1) {
        for (let column = 0; column < AROUND; column += 1) {
          const mirrored = (AROUND + AROUND / 2 - column) % AROUND;
          const [a, b] = [point(left, onLips(ring, column)), point(right, onLips(ring, mirrored))];
          assert.ok(
            Math.hypot(a[0] + b[0], a[1] - b[1], a[2] - b[2]) < 1e-4,
            `${name} at ${ring}, ${column}`,
          );
        }
      }
      for (let index = 0; index < model.eyes.left.blends.length; index += 1) {
        const [a, b] = [
          point(left, model.eyes.left.first + index),
          point(right, model.eyes.right.first + index),
        ];
        if (index < 143) assert.ok(Math.abs(a[0] + b[0]) < 1e-4, `${name}: eyeball`);
      }
    }
  });

  it('closes its lips at rest', () => {
    assert.ok(widestGap({}) < TOUCHING);
  });

  it('lowers the chin and parts the lips when the jaw opens', () => {
    assert.ok(moved({ jawOpen: 1 }, chin)[1] < -0.1 * HEAD_HEIGHT);
    assert.ok(widestGap({ jawOpen: 1 }) > 0.1 * HEAD_HEIGHT);
    assert.ok(Math.abs(moved({ jawOpen: 1 }, skinAt(0, -0.25))[1]) < 0.005, 'the nose stays');
    const [up, low] = [model.upperTeeth.part, model.lowerTeeth.part];
    const positions = posed({ jawOpen: 1 });
    assert.ok(
      middle(positions, low, 1) < middle(rest, low, 1) - 0.1 * HEAD_HEIGHT,
      'the lower teeth go along',
    );
    assert.equal(middle(positions, up, 1), middle(rest, up, 1), 'the upper teeth stay');
  });

  for (const jawOpen of [0.1, 0.3, 0.6, 1]) {
    it(`brings the lips together at any angle of the jaw: mouthClose as far as jawOpen ${jawOpen}`, () => {
      assert.ok(widestGap({ jawOpen }) > 0.01 * HEAD_HEIGHT);
      assert.ok(widestGap({ jawOpen, mouthClose: jawOpen }) < TOUCHING);
      assert.ok(
        moved({ jawOpen, mouthClose: jawOpen }, chin)[1] < -0.09 * jawOpen * HEAD_HEIGHT,
        'the jaw stays open',
      );
    });
  }

  it('moves the jaw forward and aside, to its own left and right', () => {
    assert.ok(moved({ jawForward: 1 }, chin)[2] > 0.04 * HEAD_HEIGHT);
    assert.ok(moved({ jawLeft: 1 }, chin)[0] > 0.04 * HEAD_HEIGHT);
    assert.ok(moved({ jawRight: 1 }, chin)[0] < -0.04 * HEAD_HEIGHT);
  });

  it('smiles on one side: that corner goes up and out, the other hardly moves', () => {
    const [x, y] = moved({ mouthSmileLeft: 1 }, leftCorner);
    assert.ok(x > 0.03 * HEAD_HEIGHT && y > 0.04 * HEAD_HEIGHT);
    assert.ok(Math.hypot(...moved({ mouthSmileLeft: 1 }, rightCorner)) < 0.005 * HEAD_HEIGHT);
  });

  it('pulls the corners: down to frown, out to stretch, in and out to dimple', () => {
    assert.ok(moved({ mouthFrownLeft: 1 }, leftCorner)[1] < -0.04 * HEAD_HEIGHT);
    assert.ok(moved({ mouthStretchLeft: 1 }, leftCorner)[0] > 0.04 * HEAD_HEIGHT);
    const [x, , z] = moved({ mouthDimpleLeft: 1 }, leftCorner);
    assert.ok(x > 0 && z < -0.015 * HEAD_HEIGHT);
  });

  it('rounds the lips: both pucker and funnel are narrower and forward, only the funnel is open', () => {
    for (const name of ['mouthPucker', 'mouthFunnel'] as const) {
      assert.ok(mouthWidth({ [name]: 1 }) < 0.8 * mouthWidth({}), name);
      assert.ok(moved({ [name]: 1 }, upperMiddle)[2] > 0.03 * HEAD_HEIGHT, name);
    }
    assert.ok(widestGap({ mouthFunnel: 1 }) > 0.04 * HEAD_HEIGHT);
    assert.ok(widestGap({ mouthPucker: 1 }) < TOUCHING);
    assert.ok(mouthWidth({ mouthPucker: 1 }) < mouthWidth({ mouthFunnel: 1 }));
  });

  it('moves the whole mouth aside', () => {
    for (const vertex of [leftCorner, rightCorner, upperMiddle, lowerMiddle]) {
      assert.ok(moved({ mouthLeft: 1 }, vertex)[0] > 0.03 * HEAD_HEIGHT);
      assert.ok(moved({ mouthRight: 1 }, vertex)[0] < -0.03 * HEAD_HEIGHT);
    }
  });

  it('rolls a lip in, so that less of it is seen', () => {
    for (const [name, column] of [
      ['mouthRollLower', 0.75],
      ['mouthRollUpper', 0.25],
    ] as const) {
      const height = (positions: Float32Array) =>
        Math.abs(
          point(positions, onLips(BORDER, column * AROUND))[1] -
            point(positions, onLips(CONTACT, column * AROUND))[1],
        );
      assert.ok(height(posed({ [name]: 1 })) < 0.6 * height(rest), name);
      assert.ok(moved({ [name]: 1 }, onLips(BORDER, column * AROUND))[2] < -0.01 * HEAD_HEIGHT, name);
    }
  });

  it('presses the lips flat where they meet', () => {
    const both = { mouthPressLeft: 1, mouthPressRight: 1 };
    assert.ok(widestGap(both) < TOUCHING);
    const height = (positions: Float32Array) =>
      point(positions, onLips(BORDER, AROUND / 4))[1] - point(positions, onLips(BORDER, (3 * AROUND) / 4))[1];
    assert.ok(height(posed(both)) < 0.75 * height(rest));
  });

  it('bares the teeth on the side that is named', () => {
    const at = (side: 1 | -1, upper: boolean) =>
      onLips(CONTACT, Math.round(AROUND * (upper ? 0.25 - side * 0.08 : 0.75 + side * 0.08)));
    assert.ok(moved({ mouthLowerDownLeft: 1 }, at(1, false))[1] < -0.025 * HEAD_HEIGHT);
    assert.ok(moved({ mouthLowerDownLeft: 1 }, at(-1, false))[1] > -0.015 * HEAD_HEIGHT);
    assert.ok(moved({ mouthUpperUpLeft: 1 }, at(1, true))[1] > 0.02 * HEAD_HEIGHT);
    assert.ok(moved({ mouthUpperUpLeft: 1 }, at(-1, true))[1] < 0.012 * HEAD_HEIGHT);
  });

  it('shrugs: the lower lip and the chin rise, the upper lip rises and comes forward', () => {
    assert.ok(moved({ mouthShrugLower: 1 }, lowerMiddle)[1] > 0.01 * HEAD_HEIGHT);
    assert.ok(moved({ mouthShrugLower: 1 }, skinAt(0, -0.85))[1] > 0.01 * HEAD_HEIGHT);
    const [, y, z] = moved({ mouthShrugUpper: 1 }, upperMiddle);
    assert.ok(y > 0.01 * HEAD_HEIGHT && z > 0.01 * HEAD_HEIGHT);
  });

  it('puffs and lifts its cheeks, and wrinkles its nose', () => {
    assert.ok(moved({ cheekPuff: 1 }, skinAt(0.52, -0.46))[0] > 0.03 * HEAD_HEIGHT);
    assert.ok(moved({ cheekSquintLeft: 1 }, skinAt(0.42, -0.2))[1] > 0.02 * HEAD_HEIGHT);
    assert.ok(moved({ noseSneerLeft: 1 }, skinAt(0.09, -0.26))[1] > 0.02 * HEAD_HEIGHT);
    assert.ok(moved({ noseSneerLeft: 1 }, skinAt(-0.12, -0.26))[1] < 0.01 * HEAD_HEIGHT);
  });

  it('moves its brows: down, up at the inner ends, up at one outer end', () => {
    const { part } = model.brows.left;
    const [inner, outer] = [part.first, part.first + part.count - 1];
    assert.ok(moved({ browDownLeft: 1 }, inner)[1] < -0.03 * HEAD_HEIGHT);
    assert.ok(moved({ browInnerUp: 1 }, inner)[1] > 0.03 * HEAD_HEIGHT);
    assert.ok(moved({ browInnerUp: 1 }, outer)[1] < 0.01 * HEAD_HEIGHT);
    assert.ok(moved({ browOuterUpLeft: 1 }, outer)[1] > 0.03 * HEAD_HEIGHT);
    assert.equal(moved({ browOuterUpLeft: 1 }, model.brows.right.part.first)[1], 0);
  });

  it('puts its tongue out, beyond the lips', () => {
    const { part } = model.tongue;
    const tip = part.first + part.count - 1;
    assert.ok(point(rest, tip)[2] < point(rest, lowerMiddle)[2] - 0.05);
    const out = posed({ tongueOut: 1, jawOpen: 0.2 });
    assert.ok(point(out, tip)[2] > point(out, lowerMiddle)[2] + 0.05);
  });

  it('looks where it is told: in and out from each eye, up and down; its upper lids follow', () => {
    const [, iris, , , upperLid] = model.eyes.left.parts;
    assert.ok(iris !== undefined && upperLid !== undefined);
    const look = (name: Blendshape, axis: number) =>
      middle(posed({ [name]: 1 }), iris, axis) - middle(rest, iris, axis);
    assert.ok(look('eyeLookOutLeft', 0) > 0.03 * HEAD_HEIGHT);
    assert.ok(look('eyeLookInLeft', 0) < -0.03 * HEAD_HEIGHT);
    assert.ok(look('eyeLookUpLeft', 1) > 0.03 * HEAD_HEIGHT);
    assert.ok(look('eyeLookDownLeft', 1) < -0.03 * HEAD_HEIGHT);
    assert.ok(middle(posed({ eyeLookDownLeft: 1 }), upperLid, 1) < middle(rest, upperLid, 1));
  });

  it('closes an eye completely, also when it looks down or is wide', () => {
    const [, , , , upperLid, lowerLid] = model.eyes.left.parts;
    assert.ok(upperLid !== undefined && lowerLid !== undefined);
    for (const more of [
      {},
      { eyeLookDownLeft: 1 },
      { eyeLookUpLeft: 1 },
      { eyeWideLeft: 1 },
      { eyeSquintLeft: 1 },
    ]) {
      const positions = posed({ eyeBlinkLeft: 1, ...more });
      const columns = upperLid.count / 6;
      for (let column = 0; column < columns; column += 1) {
        const edge = point(positions, upperLid.first + columns + column)[1];
        const other = point(positions, lowerLid.first + columns + column)[1];
        assert.ok(edge - other < 0.012 * HEAD_HEIGHT, `${JSON.stringify(more)} open by ${edge - other}`);
      }
    }
  });

  it('stays a face with any weights: all finite, lips in order, and the teeth behind them', () => {
    const weight = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    const weights = fc.record(Object.fromEntries(BLENDSHAPES.map((name) => [name, weight])));
    fc.assert(
      fc.property(weights, (random) => {
        const positions = posed(random);
        assert.ok(positions.every(Number.isFinite));
        assert.ok(model.normals.every(Number.isFinite));
        for (let column = 1; column < AROUND / 2; column += 1)
          assert.ok(gap(positions, column) > -TOUCHING, `lips cross at ${column}`);
        assertTeethBehind(positions);
      }),
      { numRuns: 200 },
    );
  });
});

/** No tooth comes through a lip: seen from the front, whatever covers a tooth's vertex is in front of it. */
function assertTeethBehind(positions: Float32Array): void {
  const lips: number[] = [];
  for (let ring = CONTACT; ring < BORDER; ring += 1) {
    for (let column = 0; column < AROUND; column += 1) {
      const next = (column + 1) % AROUND;
      const [a, b] = [onLips(ring, column), onLips(ring, next)];
      lips.push(a, b, b + AROUND, a, b + AROUND, a + AROUND);
    }
  }
  for (const { part } of [model.upperTeeth, model.lowerTeeth]) {
    for (let vertex = part.first; vertex < part.first + part.count; vertex += 1) {
      const tooth = point(positions, vertex);
      for (let i = 0; i < lips.length; i += 3) {
        const depth = depthAt(
          tooth,
          lips.slice(i, i + 3).map((corner) => point(positions, corner)),
        );
        assert.ok(
          depth === undefined || tooth[2] < depth + 0.004,
          `a tooth is ${tooth[2] - (depth ?? 0)} in front`,
        );
      }
    }
  }
}

/** How far forward a triangle is at a point, if it covers it from the front. */
function depthAt([x, y]: Point, corners: readonly Point[]): number | undefined {
  const [a, b, c] = corners;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  if (Math.abs(area) < 1e-7) return undefined;
  const u = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area;
  const v = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area;
  if (u < 0 || v < 0 || u + v > 1) return undefined;
  return a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]);
}
