import { MIRRORED_COLUMNS } from '../mirrored-columns.ts';

/** Makes both halves of a face move alike: each pair gets its average. The model's own asymmetry is noise. */
export function symmetrise(weights: Float32Array): void {
  for (const [left, right] of MIRRORED_COLUMNS) {
    const average = ((weights[left] as number) + (weights[right] as number)) / 2;
    weights[left] = average;
    weights[right] = average;
  }
}
