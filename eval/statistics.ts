/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard deviation (of the population). */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** The value that this share of them does not exceed (nearest rank); NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Pearson's correlation over what both have; 0 where one of them does not move. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  const [ofA, ofB] = [a.slice(0, length), b.slice(0, length)];
  const [meanA, meanB] = [mean(ofA), mean(ofB)];
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let index = 0; index < length; index += 1) {
    const fromA = (ofA[index] ?? 0) - meanA;
    const fromB = (ofB[index] ?? 0) - meanB;
    product += fromA * fromB;
    squaresA += fromA * fromA;
    squaresB += fromB * fromB;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return scale < 1e-9 ? 0 : product / scale;
}

/** `values` so many frames later (earlier where negative); what falls out at one end is repeated at the other. */
export function shifted(values: readonly number[], frames: number): number[] {
  const last = values.length - 1;
  return values.map((_, index) => values[Math.max(0, Math.min(last, index - frames))] ?? 0);
}
