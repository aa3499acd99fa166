/** Runs remembered: some tens of seconds' worth under load. */
const REMEMBERED = 64;

/** How long runs take of late: the median and the 95th percentile of the last {@link REMEMBERED}. */
export class RunTimes {
  readonly #runMs: number[];
  #sorted: readonly number[] | undefined;

  /** @param firstMs runs measured before, at least one. */
  constructor(firstMs: readonly number[]) {
    this.#runMs = firstMs.slice(-REMEMBERED);
  }

  add(ms: number): void {
    this.#runMs.push(ms);
    if (this.#runMs.length > REMEMBERED) this.#runMs.shift();
    this.#sorted = undefined;
  }

  /** In milliseconds. */
  get summary(): { readonly p50: number; readonly p95: number } {
    this.#sorted ??= [...this.#runMs].sort((a, b) => a - b);
    return { p50: rank(this.#sorted, 0.5), p95: rank(this.#sorted, 0.95) };
  }
}

/** The nearest-rank percentile of what is sorted; 0 of nothing. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
