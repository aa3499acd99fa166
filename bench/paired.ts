import { median } from './stats.ts';

const ROUNDS = 41;
const WARM_UP_ROUNDS = 5;

/** Something that is timed: does its work `times` times. */
export type Work = (times: number) => void | Promise<void>;

/**
 * Times several things against each other: in every round each runs once, so that a busy moment hits all, and the
 * middle round counts.
 *
 * @returns microseconds for one time of each.
 */
export async function pairedUs<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  timesInRound: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const rounds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const name of names) {
      const startedAt = performance.now();
      await works[name](timesInRound);
      if (round >= 0) rounds[name].push(((performance.now() - startedAt) * 1000) / timesInRound);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(rounds[name])])) as Record<Name, number>;
}
