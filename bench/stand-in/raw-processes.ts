import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Summary, summarise } from '../stats.ts';
import type { RawOrder, RawReply, RawSeen } from './raw-messages.ts';

const SAMPLE_RATE = 16_000;

/** What so many processes do together. */
export interface RawThroughput {
  /** Seconds of sound a second, of all processes together. */
  readonly soundPerSecond: number;
  /** Milliseconds of one run. */
  readonly runMs: Summary;
}

/**
 * Processes that do nothing but infer, one thread each: the bare model's speed, without a server. Whoever starts them
 * disposes of them.
 */
export class RawProcesses implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];

  /** Starts them, and resolves when all have loaded the model (0.6 GB each for the full size). */
  static async start(model: string, count: number): Promise<RawProcesses> {
    const children = Array.from({ length: count }, () => startChild(model));
    const processes = new RawProcesses(children);
    try {
      await Promise.all(children.map((child) => nextReply(child, 'ready')));
    } catch (error) {
      await processes[Symbol.asyncDispose]();
      throw error;
    }
    return processes;
  }

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Lets all of them run the same window at the same time, back to back. */
  async measure(order: RawOrder): Promise<RawThroughput> {
    const seen = await Promise.all(this.#children.map((child) => run(child, order)));
    const windowS = order.windowSamples / SAMPLE_RATE;
    return {
      soundPerSecond: seen.reduce(
        (sum, { runMs, tookMs }) => sum + (runMs.length * windowS * 1000) / tookMs,
        0,
      ),
      runMs: summarise(seen.flatMap(({ runMs }) => runMs)),
    };
  }

  /** Ends them, and resolves when they have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map(end));
  }
}

function startChild(model: string): ChildProcess {
  return fork(fileURLToPath(new URL('raw-child.ts', import.meta.url)), [model], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function run(child: ChildProcess, order: RawOrder): Promise<RawSeen> {
  child.send(order);
  const reply = await nextReply(child, 'seen');
  return reply.seen;
}

function nextReply<Kind extends RawReply['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<RawReply, { readonly kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process that infers ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (reply: RawReply) => {
      child.off('exit', onExit);
      if (isOf(reply, kind)) resolve(reply);
      else reject(new Error(`${reply.kind} came where ${kind} was awaited`));
    });
  });
}

function isOf<Kind extends RawReply['kind']>(
  reply: RawReply,
  kind: Kind,
): reply is Extract<RawReply, { readonly kind: Kind }> {
  return reply.kind === kind;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
}
