import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answers, Question, Reply } from './child-messages.ts';
import { monotonicMs } from './monotonic.ts';

const START_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 15_000;

/** The servers that can be measured: ours (also with its door or the face engine), and the simplest one there could be. */
export type ChildName = 'server' | 'door-server' | 'face-server' | 'floor';

/** How a child is started. */
export interface ChildOptions {
  /** Settings beside those of the bench's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given up if it does not listen by then; 15 s where left out. */
  readonly startWithinMs?: number;
}

/** A server in a process of its own, on 127.0.0.1. Whoever starts it disposes of it. */
export class Child implements AsyncDisposable {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: never) => void>();
  #asked = 0;

  /** Starts one, and resolves when it listens. */
  static async start(name: ChildName, options: ChildOptions = {}): Promise<Child> {
    const startedAtMs = monotonicMs();
    const child = fork(fileURLToPath(new URL(`${name}-child.ts`, import.meta.url)), {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning', ...profiling(name)],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...options.env },
    });
    const reply = await firstReply(child, options.startWithinMs ?? START_WITHIN_MS);
    if (reply.kind !== 'ready' || reply.nowMs < startedAtMs || reply.nowMs > monotonicMs()) {
      throw new Error('the processes do not share one monotonic clock');
    }
    return new Child(child, reply.port);
  }

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.port = port;
    child.on('message', (reply: Reply) => {
      if (reply.kind !== 'answer') return;
      this.#waiting.get(reply.id)?.(reply.answer as never); // the child answers what was asked
      this.#waiting.delete(reply.id);
    });
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid ?? Number.NaN;
  }

  /** Asks it something. */
  ask<About extends keyof Answers>(about: About): Promise<Answers[About]> {
    this.#asked += 1;
    const question: Question = { id: this.#asked, about };
    const { promise, resolve, reject } = Promise.withResolvers<Answers[About]>();
    const timer = setTimeout(() => reject(new Error(`no answer about ${about}`)), ANSWER_WITHIN_MS);
    this.#waiting.set(question.id, resolve);
    this.#process.send(question);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Ends the process, and resolves when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.disconnect();
    await ended;
  }
}

function firstReply(child: ChildProcess, withinMs: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the child did not start')), withinMs);
    child.once('message', (reply: Reply) => {
      clearTimeout(timer);
      resolve(reply);
    });
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
  });
}

/** BENCH_PROFILE=server (or floor) leaves a .cpuprofile of each such child in the working directory. */
function profiling(name: ChildName): string[] {
  return process.env['BENCH_PROFILE'] === name ? ['--cpu-prof'] : [];
}
