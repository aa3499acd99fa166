import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceError } from '../../errors.ts';
import type { CancelTimer, Clock } from '../../time/clock.ts';
import {
  type FromChild,
  isFromChild,
  type LoadOrder,
  type ReadyReport,
  type ToChild,
} from './inference-messages.ts';
import { framesFor } from './model-contract.ts';
import { oneLine, unusable } from './model-file.ts';

/** A process that does not come up in this time is taken for hung. */
const READY_WITHIN_MS = 30_000;

/**
 * What a run gets once its limit is over: after this process itself stood still, its timers fire before it reads the
 * answers that came meanwhile.
 */
const GRACE_MS = 50;

/** What is kept of a child's last words, in characters. */
const LAST_WORDS = 400;

/** A supervised process with one loaded model. Whoever started it closes it. */
export interface InferenceProcess {
  readonly report: ReadyReport;
  /** The operating system's id. */
  readonly pid: number | undefined;
  /** Resolves when the process is gone, whatever for, with the reason in one line. */
  readonly ended: Promise<string>;
  /**
   * Runs one window; one at a time.
   *
   * @param limitMs the process is killed if it has not answered after this time.
   * @returns rows as {@link ./inference.ts} promises them.
   * @throws InferenceError if the process dies, hangs, or gives anything but weights; it has ended then.
   */
  run(samples: Float32Array, limitMs: number): Promise<Float32Array>;
  /** Kills it, and waits until it is gone. */
  close(): Promise<void>;
}

/** What starting a process takes. */
export interface StartProcess {
  readonly order: LoadOrder;
  /** All the environment it gets: the model's runtime is native code and has no business with the server's keys. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborts the start: the process is killed. */
  readonly signal: AbortSignal;
}

/**
 * Starts a process and waits until its model is loaded and tried out.
 *
 * @throws InferenceError (`model_unusable`) if the model cannot be used; (`face_failed`) if the process dies or hangs;
 * the signal's reason if aborted. No process is left then.
 */
export async function startInferenceProcess({
  order,
  variables,
  clock,
  signal,
}: StartProcess): Promise<InferenceProcess> {
  signal.throwIfAborted();
  const child = new Child(clock, variables);
  const abort = () => child.kill('it was not needed any more');
  signal.addEventListener('abort', abort, { once: true });
  try {
    const report = await child.load(order);
    signal.throwIfAborted();
    return {
      report,
      pid: child.pid,
      ended: child.ended,
      run: (samples, limitMs) => child.run(samples, limitMs, report),
      close: () => child.close(),
    };
  } catch (thrown) {
    await child.close();
    signal.throwIfAborted();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The one question a child is busy with. */
interface Question {
  readonly id: number;
  readonly answer: (message: FromChild) => void;
  readonly fail: (error: InferenceError) => void;
}

/** The process seen from here: one question at a time, each with its limit. */
class Child {
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #question: Question | undefined;
  #asked = 0;
  #lastWords = '';
  /** Why we killed it, or why it is of no use; the first reason counts. */
  #reason: string | undefined;

  constructor(clock: Clock, variables: StartProcess['variables']) {
    this.#clock = clock;
    const entry = new URL(`./inference-child${extname(import.meta.url)}`, import.meta.url);
    this.#child = fork(fileURLToPath(entry), [], {
      env: { ...variables },
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#child.on('message', (message: unknown) => this.#hear(message));
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        const reason = this.#reason ?? oneLine(`the face process ${how} ${this.#lastWords}`);
        this.#reason = reason;
        this.#question?.fail(new InferenceError('face_failed', reason, { retryable: true }));
        resolve(reason);
      };
      this.#child.on('error', (error) => {
        this.kill(oneLine(`the face process failed: ${error.message}`));
        if (this.pid === undefined) end('did not start');
      });
      this.#child.once('exit', (code, signal) => end(`ended (${signal ?? code})`));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async load(order: LoadOrder): Promise<ReadyReport> {
    const message = await this.#ask({ type: 'load', order }, READY_WITHIN_MS);
    if (message.type === 'ready') return message.report;
    if (message.type === 'failed') throw new InferenceError('model_unusable', message.reason);
    throw unusable(`its process answered ${message.type} to being loaded`);
  }

  async run(samples: Float32Array, limitMs: number, { shape }: ReadyReport): Promise<Float32Array> {
    const message = await this.#ask({ type: 'run', id: this.#asked + 1, samples }, limitMs);
    const wanted = framesFor(samples.length, shape.sampleRate) * shape.rowWidth;
    if (message.type === 'done' && isWhole(message.rows, wanted)) return message.rows;
    const reason = message.type === 'sick' ? message.reason : `it answered ${message.type} without weights`;
    this.kill(`the face model is sick: ${reason}`);
    throw new InferenceError('face_failed', `The face model failed: ${reason}`);
  }

  kill(reason: string): void {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.kill('the face process was closed');
    await this.ended;
  }

  #ask(message: ToChild, limitMs: number): Promise<FromChild> {
    return new Promise<FromChild>((resolve, reject) => {
      if (this.#reason !== undefined)
        throw new InferenceError('face_failed', this.#reason, { retryable: true });
      this.#asked += 1;
      const after = (ms: number, then: () => void) => {
        cancelLimit = this.#clock.at(this.#clock.now() + ms, then);
      };
      let cancelLimit: CancelTimer = () => undefined;
      after(limitMs, () =>
        after(GRACE_MS, () => this.kill(`the face process did not answer within ${Math.round(limitMs)} ms`)),
      );
      const settle = () => {
        cancelLimit();
        this.#question = undefined;
      };
      this.#question = {
        id: this.#asked,
        answer: (answer) => {
          settle();
          resolve(answer);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      this.#child.send(message, (error) => {
        if (error !== null) this.kill(oneLine(`the face process cannot be reached: ${error.message}`));
      });
    });
  }

  #hear(message: unknown): void {
    if (!isFromChild(message)) return;
    if ('id' in message && message.id !== this.#question?.id) return;
    this.#question?.answer(message);
  }
}

function isWhole(rows: unknown, length: number): boolean {
  return rows instanceof Float32Array && rows.length === length;
}
