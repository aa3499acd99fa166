import type { Weights } from '../client/src/index.js';

/** What the mouth does, in three curves (0 to 1). */
export interface MouthCurves {
  readonly aperture: number;
  readonly jaw: number;
  readonly rounding: number;
}

/**
 * The curves of a face. Aperture is how far the lips are apart, as the evaluation of faces measures it (eval/track.ts):
 * jaw + half the lower lip + a quarter of the upper - half of mouthClose; rounding is the mean of pucker and funnel.
 */
export function mouthCurves(weights: Weights): MouthCurves {
  const jaw = weights.jawOpen ?? 0;
  const lower = ((weights.mouthLowerDownLeft ?? 0) + (weights.mouthLowerDownRight ?? 0)) / 2;
  const upper = ((weights.mouthUpperUpLeft ?? 0) + (weights.mouthUpperUpRight ?? 0)) / 2;
  const open = jaw + 0.5 * lower + 0.25 * upper - 0.5 * (weights.mouthClose ?? 0);
  return {
    aperture: Math.max(0, Math.min(1, open)),
    jaw,
    rounding: ((weights.mouthPucker ?? 0) + (weights.mouthFunnel ?? 0)) / 2,
  };
}

/** Lips count as closed below this share of the 90th percentile of aperture, as in eval/measures/closures.ts. */
const CLOSED_BELOW = 0.2;

/** The aperture below which lips count as closed among these. */
export function closedBelow(apertures: readonly number[]): number {
  const sorted = apertures.toSorted((a, b) => a - b);
  return CLOSED_BELOW * (sorted[Math.floor(0.9 * (sorted.length - 1))] ?? 0);
}
