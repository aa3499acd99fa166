import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import { type SeededRandom, slowWander } from './seeded-random.ts';

/** How the smile wanders about its baseline, and how slowly. */
const WANDER = 0.03;
const WANDER_S = 6;

/** Lips this round (pucker + funnel) leave no smile. */
const ROUND = 0.4;

/** A smile narrows the eyes: 0.06 always, and so much of the smile (lipsync notes, 3.2). */
const SQUINT = 0.06;
const SQUINT_OF_SMILE = 0.15;

/**
 * The friendliness under one turn's speech: the widget's face at rest smiles, the model's does not. Gives way where the
 * lips are round, and never takes away from a smile that is there.
 *
 * @param baseline the smile, 0..1.
 * @returns a function that smiles in place; the time, in seconds, must not go back.
 */
export function smiling(
  random: SeededRandom,
  baseline: number,
): (weights: Float32Array, timeS: number) => void {
  const wander = slowWander(random, WANDER_S);
  return (weights, timeS) => {
    const rounding =
      ((weights[COLUMN.mouthPucker] as number) + (weights[COLUMN.mouthFunnel] as number)) / ROUND;
    const smile = Math.max(0, baseline + WANDER * wander(timeS)) * (1 - Math.min(1, rounding));
    for (const column of [COLUMN.mouthSmileLeft, COLUMN.mouthSmileRight]) {
      weights[column] = Math.max(weights[column] as number, Math.min(1, smile));
    }
  };
}

/** Narrows the eyes as the face's smile asks for, in place. */
export function squint(weights: Float32Array): void {
  const smile =
    ((weights[COLUMN.mouthSmileLeft] as number) + (weights[COLUMN.mouthSmileRight] as number)) / 2;
  for (const column of [COLUMN.eyeSquintLeft, COLUMN.eyeSquintRight]) {
    weights[column] = Math.max(weights[column] as number, SQUINT + SQUINT_OF_SMILE * smile);
  }
}
