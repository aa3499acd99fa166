import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { BLENDSHAPE_INDEX, type Blendshape } from '../../src/protocol/blendshapes.ts';

/** A folder of a test's own, gone when the test is over. */
export async function ownFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avatar-chat-test-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a model gave for a window. */
export interface ModelOutput {
  readonly shape: readonly number[];
  readonly weights: Float32Array;
  readonly lettersShape: readonly number[] | undefined;
}

/** A model in the test's own process, which blocks while it runs. */
export class Model {
  readonly session: InferenceSession;

  /** Loads it, on one thread; rejects as the runtime does, which prints nothing about it. */
  static async load(path: string): Promise<Model> {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
    return new Model(await InferenceSession.create(path, options));
  }

  private constructor(session: InferenceSession) {
    this.session = session;
  }

  /** Runs a window; the identity is left out where the model has no input for it. */
  async run(samples: Float32Array, identity?: number): Promise<ModelOutput> {
    const [audio = '', style] = this.session.inputNames;
    const feeds: Record<string, Tensor> = { [audio]: new Tensor('float32', samples, [1, samples.length]) };
    if (style !== undefined) feeds[style] = new Tensor('float32', oneHot(identity ?? 0), [1, 12]);
    const { blendshapes, asr_logits } = await this.session.run(feeds);
    if (!(blendshapes?.data instanceof Float32Array)) throw new Error('no blendshapes came');
    return { shape: blendshapes.dims, weights: blendshapes.data, lettersShape: asr_logits?.dims };
  }
}

/** One channel of rows of 52, by its name. */
export function channel(weights: Float32Array, name: Blendshape): number[] {
  return column(weights, BLENDSHAPE_INDEX[name]);
}

/** One column of rows of 52. */
export function column(weights: Float32Array, index: number): number[] {
  return Array.from({ length: weights.length / 52 }, (_, frame) => weights[frame * 52 + index] ?? Number.NaN);
}

/** Names of the files in a folder, sorted. */
export async function fileNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

function oneHot(index: number): Float32Array {
  const vector = new Float32Array(12);
  vector[index] = 1;
  return vector;
}
