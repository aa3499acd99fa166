import { InferenceError } from '../../src/errors.ts';
import type { InferenceProcess } from '../../src/face/engine/inference-process.ts';
import { BLENDSHAPE_COUNT, BLENDSHAPES } from '../../src/protocol/blendshapes.ts';

/** A window of the fake model: four samples, one frame. */
export const FAKE_SHAPE = {
  sampleRate: 16_000,
  windowSamples: 4,
  windowFrames: 1,
  rowWidth: BLENDSHAPE_COUNT,
  fixedWindow: true,
} as const;

/** What a fake process says of itself. */
export interface FakeReport {
  readonly runMs?: readonly number[];
  readonly memory?: { readonly held: number; readonly left: number };
}

/** A process of nothing: the test answers for it, lets it fail, and lets it die. */
export class FakeInferenceProcess implements InferenceProcess {
  readonly pid = undefined;
  readonly report: InferenceProcess['report'];
  readonly ended: Promise<string>;
  /** The first sample of each window it was given, in order. */
  readonly asked: number[] = [];
  /** After how long (ms) each would have been given up. */
  readonly limits: number[] = [];
  isClosed = false;
  #end: (reason: string) => void = () => undefined;
  #job: PromiseWithResolvers<Float32Array> | undefined;

  constructor({ runMs = [100], memory = { held: 1, left: 1e9 } }: FakeReport = {}) {
    this.report = { shape: FAKE_SHAPE, order: BLENDSHAPES.map((_, at) => at), runMs, memory, warnings: [] };
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isBusy(): boolean {
    return this.#job !== undefined;
  }

  run(samples: Float32Array, limitMs: number): Promise<Float32Array> {
    if (this.#job !== undefined) throw new Error('a process runs one window at a time');
    this.asked.push(samples[0] ?? Number.NaN);
    this.limits.push(limitMs);
    this.#job = Promise.withResolvers();
    return this.#job.promise;
  }

  /** Answers the window it runs with weights that are all its first sample. */
  answer(): void {
    const job = this.#takeJob();
    job?.resolve(new Float32Array(BLENDSHAPE_COUNT).fill(this.asked.at(-1) ?? 0));
  }

  /** Dies, failing what it runs. */
  die(): void {
    this.#takeJob()?.reject(new InferenceError('face_failed', 'it died', { retryable: true }));
    this.#end('it died');
  }

  /** The model gives nonsense: the job fails for good, the process ends. */
  sicken(): void {
    this.#takeJob()?.reject(new InferenceError('face_failed', 'it gave NaN'));
    this.#end('it gave NaN');
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.die();
  }

  #takeJob(): PromiseWithResolvers<Float32Array> | undefined {
    const job = this.#job;
    this.#job = undefined;
    return job;
  }
}

/** A window whose first sample says which it is. */
export function fakeWindow(mark: number): Float32Array {
  return new Float32Array(FAKE_SHAPE.windowSamples).fill(mark);
}
