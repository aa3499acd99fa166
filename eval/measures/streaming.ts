import { mean, pearson } from '../statistics.ts';
import { curve, MOUTH_CHANNELS, type Track } from '../track.ts';

/** What it costs a face that its sound comes in pieces. */
export interface Streaming {
  /** Change at the frames after a seam, as a share of that at all others: 1 is no seam at all. */
  readonly seamRatio: number;
  /** Correlation of the face of pieces with that of the whole sound at once, over the mouth's channels that move. */
  readonly likeWhole: number;
}

/** Frames after a seam that are looked at. */
const SEAM_FRAMES = 2;

/** Compares what came piece by piece with what came at once. */
export function streaming(streamed: readonly Track[], whole: readonly Track[]): Streaming {
  const atSeams: number[] = [];
  const elsewhere: number[] = [];
  const likeness: number[] = [];
  for (const [place, track] of streamed.entries()) {
    const near = new Set((track.seams ?? []).flatMap((seam) => [seam, seam + SEAM_FRAMES - 1]));
    for (let frame = 1; frame < track.weights.length; frame += 1) {
      (near.has(frame) ? atSeams : elsewhere).push(change(track.weights[frame - 1], track.weights[frame]));
    }
    for (const name of MOUTH_CHANNELS) {
      const all = curve(whole[place]?.weights ?? [], name);
      if (Math.max(...all) - Math.min(...all) > 0.02) likeness.push(pearson(curve(track.weights, name), all));
    }
  }
  return { seamRatio: mean(atSeams) / mean(elsewhere), likeWhole: mean(likeness) };
}

function change(before: Float32Array | undefined, after: Float32Array | undefined): number {
  return after?.reduce((sum, weight, column) => sum + Math.abs(weight - (before?.[column] ?? 0)), 0) ?? 0;
}
