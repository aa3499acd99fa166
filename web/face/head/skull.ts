import { add, bell, curve, scale, unit, type Vec3 } from './space.js';

/** Half the width, and the depth to the front and to the back, of an ellipsoid that is different at every height. */
const halfWidth = curve([
  [-1, 0.6],
  [-0.9, 0.66],
  [-0.75, 0.735],
  [-0.55, 0.8],
  [-0.3, 0.835],
  [0, 0.845],
  [0.35, 0.86],
  [0.7, 0.87],
  [1, 0.87],
]);
const frontDepth = curve([
  [-1, 1.4],
  [-0.92, 1.36],
  [-0.8, 1.1],
  [-0.6, 0.92],
  [-0.3, 0.84],
  [0, 0.8],
  [0.25, 0.83],
  [0.5, 0.89],
  [1, 0.92],
]);
const backDepth = curve([
  [-1, 0.4],
  [-0.6, 0.7],
  [0, 0.93],
  [1, 0.95],
]);

interface Bump {
  readonly at: Vec3;
  readonly size: Vec3;
  /** How far the surface goes out (or in) at its middle. */
  readonly push: Vec3 | number;
}

/** What makes it a face. Those off the middle are there on both sides. */
const BUMPS: readonly Bump[] = [
  { at: [0, -0.25, 0.8], size: [0.088, 0.08, 0.4], push: [0, 0.02, 0.15] }, // tip of the nose
  { at: [0.075, -0.29, 0.75], size: [0.052, 0.05, 0.4], push: [0.012, 0, 0.032] }, // its wings
  { at: [0, -0.06, 0.8], size: [0.075, 0.2, 0.4], push: 0.035 }, // its bridge
  { at: [0.36, 0.02, 0.68], size: [0.21, 0.17, 0.4], push: [0, 0, -0.085] }, // eye sockets
  { at: [0.33, 0.33, 0.7], size: [0.28, 0.12, 0.4], push: 0.02 }, // brow ridges
  { at: [0.43, -0.33, 0.6], size: [0.22, 0.19, 0.4], push: 0.055 }, // cheeks
  { at: [0, -0.58, 0.75], size: [0.3, 0.17, 0.4], push: 0.04 }, // where the teeth are
  { at: [0, -0.73, 0.75], size: [0.17, 0.05, 0.4], push: -0.022 }, // under the lower lip
  { at: [0, -0.89, 0.6], size: [0.17, 0.11, 0.4], push: 0.04 }, // chin
];

/** A point of the skin's surface in a direction: a unit vector in which the head is a sphere. */
export function skullPoint(direction: Vec3): Vec3 {
  const [x, y, z] = direction;
  const depth = z > 0 ? frontDepth(y) : backDepth(y);
  const plain: Vec3 = [x * halfWidth(y), y, z * depth];
  const outward = unit([x / halfWidth(y), y, z / depth]);
  return z <= 0 ? plain : BUMPS.reduce((point, bump) => add(point, pushed(plain, outward, bump)), plain);
}

/** The direction in which the front of the head is at this height and width. */
export function frontDirection(x: number, y: number): Vec3 {
  const dx = x / halfWidth(y);
  return [dx, y, Math.sqrt(Math.max(0, 1 - dx * dx - y * y))];
}

/** The skin's surface at the front, at this height and (about) this width. */
export function frontPoint(x: number, y: number): Vec3 {
  return skullPoint(frontDirection(x, y));
}

function pushed(point: Vec3, outward: Vec3, { at, size, push }: Bump): Vec3 {
  const strength = (side: 1 | -1) =>
    bell(point[0] - side * at[0], size[0]) *
    bell(point[1] - at[1], size[1]) *
    bell(point[2] - at[2], size[2]);
  if (at[0] === 0) return scale(typeof push === 'number' ? scale(outward, push) : push, strength(1));
  const [left, right] = [strength(1), strength(-1)];
  if (typeof push === 'number') return scale(outward, push * (left + right));
  return [push[0] * (left - right), push[1] * (left + right), push[2] * (left + right)];
}
