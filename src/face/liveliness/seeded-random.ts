/** Chance that is the same for the same seed. */
export interface SeededRandom {
  /** Evenly 0..1 (1 excluded). */
  even(): number;
  /** Log-normal about a median; `sigma`: standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
}

/** Begins a sequence (mulberry32, T. Ettinger 2017). */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const even = () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    even,
    logNormal: (median, sigma) => {
      // Box and Muller 1958; 1 - even() is never 0.
      const normal = Math.sqrt(-2 * Math.log(1 - even())) * Math.cos(2 * Math.PI * even());
      return median * Math.exp(sigma * normal);
    },
  };
}

/**
 * A slow wander: passes smoothly through a new random value every `periodS` seconds.
 *
 * @returns a function from a time in seconds, which must not go back, to a value -1..1.
 */
export function slowWander(random: SeededRandom, periodS: number): (timeS: number) => number {
  let knot = 0;
  let from = 2 * random.even() - 1;
  let to = 2 * random.even() - 1;
  return (timeS) => {
    const position = timeS / periodS;
    for (; knot + 1 <= position; knot += 1) {
      from = to;
      to = 2 * random.even() - 1;
    }
    const share = position - knot;
    return from + (to - from) * share * share * (3 - 2 * share);
  };
}
