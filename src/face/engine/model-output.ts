import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import type { ColumnOrder } from './column-order.ts';
import type { RowOutput } from './model-contract.ts';

/** A weight may lie this far outside 0..1 by rounding and is brought back; farther out, the model is broken. */
const TOLERANCE = 0.02;

/**
 * What is wrong with a run's raw output; undefined if nothing is.
 *
 * @param dimensions as the model gave them.
 * @param frames rows there should be, `width` columns each.
 */
export function outputFault(
  raw: Float32Array,
  dimensions: readonly number[],
  frames: number,
  width: number = BLENDSHAPE_COUNT,
): string | undefined {
  const expected = [1, frames, width];
  if (dimensions.join() !== expected.join() || raw.length !== frames * width)
    return `it gave [${dimensions.join(', ')}] instead of [${expected.join(', ')}] weights`;
  for (const weight of raw) {
    if (!Number.isFinite(weight)) return `it gave ${weight} as a weight`;
    if (weight < -TOLERANCE || weight > 1 + TOLERANCE)
      return `it gave ${weight.toFixed(3)} as a weight, not 0..1`;
  }
  return undefined;
}

/** A fresh array of the weights in BLENDSHAPES order, 0..1. `raw` has no {@link outputFault}. */
export function tidyWeights(raw: Float32Array, order: ColumnOrder): Float32Array {
  const weights = new Float32Array(raw.length);
  for (let row = 0; row < raw.length; row += BLENDSHAPE_COUNT)
    order.forEach((column, index) => {
      weights[row + index] = Math.min(1, Math.max(0, raw[row + column] ?? 0));
    });
  return weights;
}

/** A fresh array of rows made of several outputs' columns, each 0..1. None of them has an {@link outputFault}. */
export function joinRows(
  outputs: readonly { readonly raw: Float32Array; readonly output: RowOutput }[],
  frames: number,
): Float32Array {
  const rowWidth = outputs.reduce((sum, { output }) => sum + output.width, 0);
  const rows = new Float32Array(frames * rowWidth);
  let offset = 0;
  for (const { raw, output } of outputs) {
    for (let index = 0; index < raw.length; index += 1) {
      const frame = Math.floor(index / output.width);
      const at = frame * rowWidth + offset + (index % output.width);
      rows[at] = Math.min(1, Math.max(0, raw[index] as number));
    }
    offset += output.width;
  }
  return rows;
}
