import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import type { Lips } from '../animator.ts';
import { aperture, lipOpening } from './aperture.ts';

/** Lips count as together below this share of the widest aperture of late; eyes, and the usual measure, see no gap there. */
const TOGETHER = 0.15;

/** How fast the widest aperture is forgotten: half of it in 4.6 s. */
const KEPT_PER_FRAME = 0.995;

/** Of what has to close, the lips take up to this share of their own opening, the jaw the rest: it is slower. */
const LIPS_FIRST = 0.7;

/** What the lips do besides at p, b, m: hints, in the size the full-size model has them. */
const AT_P = [
  [COLUMN.mouthPressLeft, 0.04],
  [COLUMN.mouthPressRight, 0.04],
  [COLUMN.mouthRollLower, 0.02],
  [COLUMN.mouthRollUpper, 0.02],
] as const;

/** At f the lower lip goes up to the teeth, and a little inwards; the upper stays where it is. */
const LOWER_LIP_TAKEN_AT_F = 0.25;
const AT_F = [[COLUMN.mouthRollLower, 0.1]] as const;

const LOWER_LIP = [COLUMN.mouthLowerDownLeft, COLUMN.mouthLowerDownRight];
const LIP_OPENINGS = [...LOWER_LIP, COLUMN.mouthUpperUpLeft, COLUMN.mouthUpperUpRight, COLUMN.mouthFunnel];

/**
 * Closes the lips where they have to meet, no further than it takes: what is closed beyond that shows nowhere, and is
 * unlike the face it is done to. One per turn.
 */
export class LipCloser {
  #widest = 0;

  /** Changes a face in place, as far as the lips' contacts say: 0 changes nothing. Called once for each frame, in order. */
  close(weights: Float32Array, { closed, bitten }: Lips): void {
    const target = TOGETHER * this.#widest; // nothing seen yet: all the way
    this.#widest = Math.max(aperture(weights), this.#widest * KEPT_PER_FRAME);
    if (bitten > 0) {
      for (const column of LOWER_LIP) scale(weights, column, 1 - LOWER_LIP_TAKEN_AT_F * bitten);
      atLeast(weights, AT_F, bitten);
    }
    if (closed > 0) {
      closeTo(weights, target, closed);
      atLeast(weights, AT_P, closed);
    }
  }
}

/**
 * Brings the aperture down to `target`, or a share of the way: first by mouthClose, which means lips together at the jaw's
 * angle and so needs no more than jawOpen; then by the lips; then by the jaw.
 */
function closeTo(weights: Float32Array, target: number, share: number): void {
  const jaw = weights[COLUMN.jawOpen] as number;
  const close = weights[COLUMN.mouthClose] as number;
  let needed = aperture(weights) - target;
  if (needed <= 0) return;
  const byClose = Math.min(needed, Math.max(0, jaw - close) / 2);
  needed -= byClose;
  const lips = lipOpening(weights);
  const byLips = Math.min(needed, LIPS_FIRST * lips);
  needed -= byLips;
  weights[COLUMN.mouthClose] = close + 2 * byClose * share;
  for (const column of LIP_OPENINGS) scale(weights, column, 1 - share * part(byLips, lips));
  scale(weights, COLUMN.jawOpen, 1 - share * part(needed, jaw));
}

function part(taken: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, taken / whole);
}

function scale(weights: Float32Array, column: number, factor: number): void {
  weights[column] = (weights[column] as number) * factor;
}

function atLeast(
  weights: Float32Array,
  amounts: readonly (readonly [column: number, amount: number])[],
  share: number,
): void {
  for (const [column, amount] of amounts)
    weights[column] = Math.max(weights[column] as number, amount * share);
}
