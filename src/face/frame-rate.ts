import type { FaceFrame } from './animator.ts';

/**
 * Reads a face made at one frame rate at another: every frame is the straight-line mix of the two whose middles lie
 * around its own middle. Only the weights are resampled; the sound is cut at the new rate directly, so none is lost.
 *
 * @param frames at `fromFps`, in order from index 0.
 * @returns frames at `toFps`, in order from index 0, to the end of the same time (the last ones hold the last face).
 */
export async function* atFrameRate(
  frames: AsyncIterable<FaceFrame>,
  fromFps: number,
  toFps: number,
): AsyncGenerator<FaceFrame, void> {
  if (fromFps === toFps) {
    yield* frames;
    return;
  }
  let index = 0;
  let before: FaceFrame | undefined;
  for await (const after of frames) {
    for (; sourcePosition(index, fromFps, toFps) <= after.index; index += 1) {
      yield { index, ...mix(before ?? after, after, sourcePosition(index, fromFps, toFps)) };
    }
    before = after;
  }
  if (before === undefined) return;
  const end = Math.ceil(((before.index + 1) * toFps) / fromFps);
  for (; index < end; index += 1) yield { index, ...mix(before, before, before.index) };
}

/** Where the middle of frame `index` at `toFps` lies among the middles of the frames at `fromFps`. */
function sourcePosition(index: number, fromFps: number, toFps: number): number {
  return ((index + 0.5) * fromFps) / toFps - 0.5;
}

function mix(before: FaceFrame, after: FaceFrame, position: number): Omit<FaceFrame, 'index'> {
  const share = position - before.index;
  return {
    weights: mixed(before.weights, after.weights, share),
    ...(after.visemes && { visemes: mixed(before.visemes ?? after.visemes, after.visemes, share) }),
  };
}

function mixed(before: Float32Array, after: Float32Array, share: number): Float32Array {
  if (before === after) return after.slice();
  return after.map((weight, column) => {
    const from = before[column] ?? 0;
    return from + (weight - from) * share;
  });
}
