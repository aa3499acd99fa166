import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';

/** How far the lips are apart, in no unit: jaw + half the lower lip + a quarter of the upper - half of mouthClose (lipsync notes, 4). */
export function aperture(weights: Float32Array): number {
  return Math.max(0, (weights[COLUMN.jawOpen] as number) + lipOpening(weights) - closing(weights));
}

/** What the lips themselves have of it. */
export function lipOpening(weights: Float32Array): number {
  const lower =
    (weights[COLUMN.mouthLowerDownLeft] as number) + (weights[COLUMN.mouthLowerDownRight] as number);
  const upper = (weights[COLUMN.mouthUpperUpLeft] as number) + (weights[COLUMN.mouthUpperUpRight] as number);
  return lower / 4 + upper / 8;
}

function closing(weights: Float32Array): number {
  return (weights[COLUMN.mouthClose] as number) / 2;
}
