/**
 * A point or a direction. The head looks along +z; +x is its own left (the visitor's right), +y is up. The chin is at
 * y = -1 and the top of the skull at y = 1, so the head is 2 high.
 */
export type Vec3 = readonly [x: number, y: number, z: number];

/** How high the head is, in its own units. */
export const HEAD_HEIGHT = 2;

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The same direction with length 1; a zero vector stays zero. */
export function unit(a: Vec3): Vec3 {
  const length = Math.hypot(a[0], a[1], a[2]);
  return length === 0 ? a : scale(a, 1 / length);
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

export function mixPoints(a: Vec3, b: Vec3, share: number): Vec3 {
  return [mix(a[0], b[0], share), mix(a[1], b[1], share), mix(a[2], b[2], share)];
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** 0 at `from`, 1 at `to` (which may be the smaller), level at both ends. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** A bell: 1 at the centre, 1/e at `width` from it. */
export function bell(distance: number, width: number): number {
  return Math.exp(-((distance / width) ** 2));
}

/** A smooth curve through points given as [x, y], x rising; level beyond both ends. Monotone between them (Fritsch-Carlson). */
export function curve(points: readonly (readonly [number, number])[]): (x: number) => number {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const at = (list: readonly number[], index: number) => list[index] ?? 0;
  const slopes = xs.slice(1).map((x, i) => (at(ys, i + 1) - at(ys, i)) / (x - at(xs, i)));
  const tangents = xs.map((_, i) => {
    const [before, after] = [at(slopes, i - 1), at(slopes, i)];
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  return (x) => {
    if (x <= at(xs, 0)) return at(ys, 0);
    const next = xs.findIndex((known) => known > x);
    if (next === -1) return at(ys, ys.length - 1);
    const i = next - 1;
    const width = at(xs, next) - at(xs, i);
    const t = (x - at(xs, i)) / width;
    const [t2, t3] = [t * t, t * t * t];
    return (
      (2 * t3 - 3 * t2 + 1) * at(ys, i) +
      (t3 - 2 * t2 + t) * width * at(tangents, i) +
      (3 * t2 - 2 * t3) * at(ys, next) +
      (t3 - t2) * width * at(tangents, next)
    );
  };
}
