import type { BreakerState } from './circuit-breaker.ts';

/** How a pool of inference processes is doing now, and has done since it started. */
export interface PoolStats {
  /** Alive now. */
  readonly processes: number;
  /** As many as there should be. */
  readonly wanted: number;
  /** Of each process. */
  readonly threads: number;
  /** Jobs that wait for a process. */
  readonly waiting: number;
  /** Milliseconds the oldest of them has waited. */
  readonly oldestWaitMs: number;
  /** Processes at work. */
  readonly running: number;
  /** Windows answered. */
  readonly runs: number;
  /** Jobs that failed or were refused (not those aborted). */
  readonly failures: number;
  /** Jobs settled, one way or another, after they were due. */
  readonly deadlineMisses: number;
  /** Processes started in place of others. */
  readonly restarts: number;
  readonly breaker: BreakerState;
  /** How busy the wanted processes were over the last ten seconds, 0..1. */
  readonly utilisation: number;
}
