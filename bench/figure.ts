/** One line of a figure's table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** The same by the simplest program that could do it, in the same run. */
  readonly floor?: string;
  readonly limit?: string;
  /** Whether the limit is missed. */
  readonly missed?: boolean;
}

/** One thing the benchmarks measure; runs by itself, and ends every process it starts. */
export interface Figure {
  /** What the command line calls it. */
  readonly name: string;
  readonly title: string;
  run(): Promise<readonly Row[]>;
}

/** The part of a row that says how a number compares with the most it may be; what is not a number misses. */
export function atMost(value: number, limit: number, shown: string): Pick<Row, 'limit' | 'missed'> {
  return { limit: shown, missed: !(value <= limit) };
}

/** The same for a number that may not be less. */
export function atLeast(value: number, limit: number, shown: string): Pick<Row, 'limit' | 'missed'> {
  return { limit: shown, missed: !(value >= limit) };
}
