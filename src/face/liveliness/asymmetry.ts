import { BLENDSHAPE_INDEX } from '../../protocol/blendshapes.ts';
import { MIRRORED_COLUMNS } from '../mirrored-columns.ts';
import { type SeededRandom, slowWander } from './seeded-random.ts';

/** The right side moves this share of the left, give or take, wandering this slowly (lipsync notes, 3.2). */
const MIDDLE = 0.945;
const WANDER = 0.025;
const WANDER_S = 8;

/** Both eyes blink alike. */
const RIGHT_COLUMNS = MIRRORED_COLUMNS.map(([, right]) => right).filter(
  (column) => column !== BLENDSHAPE_INDEX.eyeBlinkRight,
);

/**
 * Takes the mirror out of one turn's face: its right side moves a little less than its left.
 *
 * @returns a function that changes weights in place; the time, in seconds, must not go back.
 */
export function asymmetry(random: SeededRandom): (weights: Float32Array, timeS: number) => void {
  const wander = slowWander(random, WANDER_S);
  return (weights, timeS) => {
    const share = MIDDLE + WANDER * wander(timeS);
    for (const column of RIGHT_COLUMNS) weights[column] = (weights[column] as number) * share;
  };
}
