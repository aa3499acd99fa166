import type { FaceAnimator, FaceFrame } from '../../src/face/animator.ts';
import { BLENDSHAPE_INDEX, type Blendshape } from '../../src/protocol/blendshapes.ts';

/** All frames of a stream that ends. */
export async function framesOf(frames: AsyncIterable<FaceFrame>): Promise<FaceFrame[]> {
  const all: FaceFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

/** The frames an animator makes of a sound that comes in these pieces, all of them there before it begins. */
export function animate(
  animator: FaceAnimator,
  pieces: readonly Int16Array[],
  sampleRate: number,
): Promise<FaceFrame[]> {
  const stream = animator.open({ sampleRate, signal: new AbortController().signal });
  for (const piece of pieces) stream.push(piece);
  stream.end();
  return framesOf(stream.frames);
}

/** One shape over time. */
export function curveOf(frames: readonly FaceFrame[], name: Blendshape): number[] {
  return frames.map(({ weights }) => weights[BLENDSHAPE_INDEX[name]] ?? Number.NaN);
}

/** Pearson's correlation of two curves: 1 where they move together, 0 where they have nothing to do with each other. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  const meanOf = (curve: readonly number[]) =>
    curve.slice(0, length).reduce((sum, value) => sum + value, 0) / length;
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let index = 0; index < length; index += 1) {
    const fromA = (a[index] ?? 0) - meanA;
    const fromB = (b[index] ?? 0) - meanB;
    product += fromA * fromB;
    squaresA += fromA * fromA;
    squaresB += fromB * fromB;
  }
  return product / Math.sqrt(squaresA * squaresB);
}
