import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import { VISEME_COUNT } from '../../protocol/visemes.ts';
import type { Lips } from '../animator.ts';

/** A row holds the 52 weights; then, where the model tells them, the lips (two numbers); then the 15 visemes. */
const LIPS_END = BLENDSHAPE_COUNT + 2;
const VISEMES_END = LIPS_END + VISEME_COUNT;

/** Numbers of a row that tells the weights and the lips, and perhaps the visemes. */
export function fullRowWidth(withVisemes: boolean): number {
  return withVisemes ? VISEMES_END : LIPS_END;
}

/** The lips a row tells; undefined where it does not. */
export function lipsOf(row: Float32Array | undefined): Lips | undefined {
  if (row === undefined || row.length < LIPS_END) return undefined;
  return { closed: row[BLENDSHAPE_COUNT] as number, bitten: row[BLENDSHAPE_COUNT + 1] as number };
}

/** Writes the lips into a row. */
export function setLips(row: Float32Array, { closed, bitten }: Lips): void {
  row[BLENDSHAPE_COUNT] = closed;
  row[BLENDSHAPE_COUNT + 1] = bitten;
}

/** The part of a row for the visemes; undefined where it has none. A view: what is written there is in the row. */
export function visemesOf(row: Float32Array | undefined): Float32Array | undefined {
  if (row === undefined || row.length < VISEMES_END) return undefined;
  return row.subarray(LIPS_END, VISEMES_END);
}
