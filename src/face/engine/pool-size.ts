import { toAppError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { ColumnOrder } from './column-order.ts';
import type { InferenceProcess } from './inference-process.ts';

/** What a process is started with. */
export interface Spawn {
  readonly threads: number;
  readonly knownOrder: ColumnOrder | undefined;
  /** Aborts the start. */
  readonly signal: AbortSignal;
}

/** What is needed to find out how many processes to run, and to start them. */
export interface RaiseProcesses {
  readonly spawn: (spawn: Spawn) => Promise<InferenceProcess>;
  /** Cores this server may use. */
  readonly cores: number;
  /** Set by the operator; measured where undefined. */
  readonly processes: number | undefined;
  readonly threads: number | undefined;
  readonly clock: Clock;
  readonly onNotice: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Processes that have loaded the model, all with as many threads. */
export interface RaisedProcesses {
  /** At least one. The caller closes them. */
  readonly members: readonly InferenceProcess[];
  readonly threads: number;
  /** Starts another of the same kind. */
  readonly spawnAnother: (signal: AbortSignal) => Promise<InferenceProcess>;
}

/** A model this quick (ms a window) serves hundreds of voices from one process. */
const QUICK_MS = 10;

/** Where speed asks for fewer, the second process is for when one dies. */
const AT_LEAST_PROCESSES = 2;

/** Share of the free memory that processes may take. */
const MEMORY_SHARE = 0.8;

/** More threads must bring a window down to this share of its time to be worth their cores. */
const THREADS_WORTH = 0.75;

/**
 * Together, processes must do at least this share of what they would do if each had the machine to itself. The best of
 * some rounds counts: that something else is busy for a moment must not cost a process for good.
 */
const TOGETHER_WORTH = 0.6;
const ROUNDS = 3;

/** A window that takes this long (ms) while measuring is given up. */
const MEASURE_LIMIT_MS = 10_000;

/**
 * Starts as many processes as this machine carries, found by measuring: one process of one thread for each core is the
 * expectation (batches and threads bring no throughput), fewer where memory or the cores' real speed do not allow it.
 *
 * @throws what the first start throws; no process is left then.
 */
export async function raiseProcesses(raise: RaiseProcesses): Promise<RaisedProcesses> {
  const { spawn, cores, onNotice, signal } = raise;
  const alone = await spawn({ threads: raise.threads ?? 1, knownOrder: undefined, signal });
  for (const warning of alone.report.warnings) onNotice(`Face model: ${warning}.`);
  const knownOrder = alone.report.order;
  const wanted = raise.processes ?? affordable(alone, cores);
  const { first, threads } = await chooseThreads(raise, alone, Math.floor(cores / wanted));
  const spawnAnother = (whileNeeded: AbortSignal) => spawn({ threads, knownOrder, signal: whileNeeded });
  const started = await Promise.allSettled(Array.from({ length: wanted - 1 }, () => spawnAnother(signal)));
  const others = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const members = [first, ...others];
  for (const start of started)
    if (start.status === 'rejected')
      onNotice(`A face process did not start: ${toAppError(start.reason).message}.`);
  const kept = await keepWorthwhile(raise, members, threads);
  if (signal.aborted) await Promise.all(kept.map((member) => member.close()));
  signal.throwIfAborted();
  return { members: kept, threads, spawnAnother };
}

function affordable(alone: InferenceProcess, cores: number): number {
  const { held, left } = alone.report.memory;
  const byMemory = 1 + Math.floor((left * MEMORY_SHARE) / held);
  return Math.max(1, Math.min(cores, byMemory, windowMs(alone) <= QUICK_MS ? AT_LEAST_PROCESSES : cores));
}

/** Where cores are to spare (few processes wanted, or little memory), tries whether more threads are quicker. */
async function chooseThreads(
  { spawn, threads, signal }: RaiseProcesses,
  alone: InferenceProcess,
  spare: number,
): Promise<{ first: InferenceProcess; threads: number }> {
  const asStarted = { first: alone, threads: threads ?? 1 };
  if (threads !== undefined || spare < 2 || windowMs(alone) <= QUICK_MS) return asStarted;
  const many = await spawn({ threads: spare, knownOrder: alone.report.order, signal }).catch(() => undefined);
  if (many === undefined) return asStarted;
  const worth = windowMs(many) <= THREADS_WORTH * windowMs(alone);
  await (worth ? alone : many).close();
  return worth ? { first: many, threads: spare } : asStarted;
}

/** Lets all work at once; where the cores turn out to be fewer than they seem, closes those that only share them. */
async function keepWorthwhile(
  { clock, onNotice, processes }: RaiseProcesses,
  members: readonly InferenceProcess[],
  threads: number,
): Promise<readonly InferenceProcess[]> {
  const [first] = members;
  const aloneMs = first === undefined ? 0 : windowMs(first);
  if (processes !== undefined || members.length === 1 || aloneMs <= QUICK_MS) {
    onNotice(`Face model: ${describe(members.length, threads)}, ${aloneMs.toFixed(1)} ms a window.`);
    return members;
  }
  let togetherMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && worth(aloneMs, togetherMs) < TOGETHER_WORTH; round += 1) {
    const startMs = clock.now();
    await Promise.allSettled(members.map((member) => runOnce(member)));
    togetherMs = Math.min(togetherMs, clock.now() - startMs);
  }
  const share = worth(aloneMs, togetherMs);
  const kept = share < TOGETHER_WORTH ? Math.ceil(share * members.length) : members.length;
  const staying = members.slice(0, Math.max(AT_LEAST_PROCESSES, kept));
  await Promise.all(members.slice(staying.length).map((member) => member.close()));
  onNotice(
    `Face model: ${describe(staying.length, threads)}, ${aloneMs.toFixed(0)} ms a window alone, ` +
      `${togetherMs.toFixed(0)} ms when ${members.length} work at once.`,
  );
  return staying;
}

/** What a process does among others, as a share of what it does alone. */
function worth(aloneMs: number, togetherMs: number): number {
  return aloneMs / togetherMs;
}

async function runOnce(member: InferenceProcess): Promise<void> {
  await member.run(new Float32Array(member.report.shape.windowSamples), MEASURE_LIMIT_MS);
}

/** The median of the runs a process measured on its own. */
function windowMs({ report }: InferenceProcess): number {
  const sorted = [...report.runMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function describe(processes: number, threads: number): string {
  return `${processes} process${processes === 1 ? '' : 'es'} of ${threads} thread${threads === 1 ? '' : 's'}`;
}
