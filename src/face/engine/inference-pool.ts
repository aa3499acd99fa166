import { availableParallelism } from 'node:os';
import type { Clock } from '../../time/clock.ts';
import type { Inference } from './inference.ts';
import { startInferenceProcess } from './inference-process.ts';
import { checkModelFile } from './model-file.ts';
import { raiseProcesses } from './pool-size.ts';
import type { PoolStats } from './pool-stats.ts';
import { Scheduler } from './scheduler.ts';

/** What is to be started. */
export interface InferencePoolOptions {
  /** Path of the `.onnx` file; a relative one is looked for where the server was started, then in the project. */
  readonly modelPath: string;
  /** Hz the model listens at (WAV2ARKIT_SAMPLE_RATE). */
  readonly sampleRate: number;
  /** Outputs that make up a row in place of the weights (inference-messages.ts); left out: the weights. */
  readonly outputs?: readonly string[];
  /** Speaking style, for a model that takes one (FACE_IDENTITY). */
  readonly identity: number;
  /** How many processes (FACE_PROCESSES); measured where left out. */
  readonly processes?: number | undefined;
  /** Threads of each (FACE_THREADS); measured where left out. */
  readonly threads?: number | undefined;
  /** All the environment that the processes get. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Takes what an operator should know, a line each: what was chosen and why, deaths, the breaker. */
  readonly onNotice: (line: string) => void;
  /** Aborts the start; a pool that has started is closed by {@link InferencePool.close}. */
  readonly signal?: AbortSignal;
}

/** Processes with one loaded model, shared by all voices. Whoever started it closes it. */
export interface InferencePool extends Inference {
  /** A picture of this moment. */
  readonly stats: PoolStats;
  /** Fails what waits and runs, kills the processes and waits until they are gone. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts processes for a model and resolves when all that are wanted have loaded it: seconds for a large one.
 *
 * @throws InferenceError (`model_unusable`, `face_failed`) if no process gets ready; the message is one line for the
 * operator, and the caller uses the next face. No process is left then.
 */
export async function startInferencePool(options: InferencePoolOptions): Promise<InferencePool> {
  const {
    modelPath,
    sampleRate,
    identity,
    outputs = [],
    clock,
    onNotice,
    signal = new AbortController().signal,
  } = options;
  const { path, columnNames } = checkModelFile(modelPath);
  const raised = await raiseProcesses({
    spawn: ({ threads, knownOrder, signal: whileNeeded }) =>
      startInferenceProcess({
        order: { path, columnNames, threads, sampleRate, outputs, identity, knownOrder },
        variables: options.variables,
        clock,
        signal: whileNeeded,
      }),
    cores: availableParallelism(),
    processes: options.processes,
    threads: options.threads,
    clock,
    onNotice,
    signal,
  });
  return new Scheduler({ ...raised, clock, onNotice });
}
