import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import type { ModelShape } from './inference.ts';
import { unusable } from './model-file.ts';

/** What a loaded model says of one of its inputs or outputs; free dimensions are text. */
export interface TensorDescription {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** How a model is to be fed, and what is to be fetched from it. */
export interface ModelContract {
  readonly audioInput: string;
  /** The input that takes a speaking style as one-hot; undefined where a style is built in. */
  readonly identity: { readonly input: string; readonly size: number } | undefined;
  readonly blendshapesOutput: string;
  /** What makes up a row; without any it is the weights. */
  readonly rowOutputs: readonly RowOutput[];
  readonly shape: ModelShape;
}

/** An output that is fetched for its rows. */
export interface RowOutput {
  readonly name: string;
  /** Columns of a row. */
  readonly width: number;
}

/** Frames the model gives for a second of sound. */
export const MODEL_FPS = 30;

/** The window of 64 frames the network was built around, where the model leaves it free: 34,133 samples at 16 kHz. */
const BUILT_AROUND_S = 34_133 / 16_000;

const IDENTITY_SIZE = 12;
const AUDIO_NAME = /audio|wav|input/i;
const IDENTITY_NAME = /ident|id_idx|style/i;

/**
 * Reads from a model's own description how to use it (wav2arkit_cpu, lam-a2e and their like).
 *
 * @param sampleRate Hz the model listens at; no file says so.
 * @param wanted outputs that are to be fetched in place of the weights.
 * @throws InferenceError (`model_unusable`) that names what does not fit.
 */
export function readContract(
  inputs: readonly TensorDescription[],
  outputs: readonly TensorDescription[],
  sampleRate: number,
  wanted: readonly string[] = [],
): ModelContract {
  const identity = inputs.find(
    (input) =>
      input.shape.length === 2 && (input.shape[1] === IDENTITY_SIZE || IDENTITY_NAME.test(input.name)),
  );
  const audio =
    inputs.find((input) => takesSound(input) && input !== identity && AUDIO_NAME.test(input.name)) ??
    inputs.find((input) => takesSound(input) && input !== identity);
  if (audio === undefined)
    throw unusable(`it has no input for sound (float32, [1, samples]), only ${list(inputs)}`);
  const unknown = inputs.filter((input) => input !== audio && input !== identity);
  if (unknown.length > 0) throw unusable(`it wants inputs this server does not know: ${list(unknown)}`);
  const output = findBlendshapes(outputs);
  const rowOutputs = wanted.map((name) => findRows(outputs, name));
  const rowWidth = rowOutputs.reduce((sum, { width }) => sum + width, 0) || BLENDSHAPE_COUNT;
  const shape = { ...windowShape(audio, sampleRate), rowWidth };
  checkFrames(output, shape);
  return {
    audioInput: audio.name,
    identity: identity && { input: identity.name, size: identitySize(identity) },
    blendshapesOutput: output.name,
    rowOutputs,
    shape,
  };
}

/** ceil(30 · samples / sampleRate): the frames a model gives for a window. */
export function framesFor(samples: number, sampleRate: number): number {
  return Math.ceil((MODEL_FPS * samples) / sampleRate);
}

function takesSound({ type, shape }: TensorDescription): boolean {
  return type === 'float32' && shape.length === 2 && takesOne(shape[0]);
}

function takesOne(batch: number | string | undefined): boolean {
  return typeof batch === 'string' || batch === 1;
}

function findBlendshapes(outputs: readonly TensorDescription[]): TensorDescription {
  const faces = outputs.filter(({ shape }) => shape.length === 3 && shape[2] === BLENDSHAPE_COUNT);
  const output = faces.find(({ name }) => /blendshape/i.test(name)) ?? faces[0];
  if (output === undefined)
    throw unusable(
      `it has no output of 52 weights ([1, frames, ${BLENDSHAPE_COUNT}]), only ${list(outputs)}`,
    );
  if (output.type !== 'float32' || !takesOne(output.shape[0]))
    throw unusable(`its weights are ${list([output])}, not float32 [1, frames, ${BLENDSHAPE_COUNT}]`);
  return output;
}

function findRows(outputs: readonly TensorDescription[], wanted: string): RowOutput {
  const output = outputs.find(({ name }) => name === wanted);
  if (output === undefined) throw unusable(`it has no output ${wanted}, only ${list(outputs)}`);
  const [batch, , width] = output.shape;
  if (output.type !== 'float32' || output.shape.length !== 3 || !takesOne(batch) || typeof width !== 'number')
    throw unusable(`its output is ${list([output])}, not float32 [1, frames, a number of columns]`);
  return { name: wanted, width };
}

function windowShape(audio: TensorDescription, sampleRate: number): Omit<ModelShape, 'rowWidth'> {
  const fixed = audio.shape[1];
  const windowSamples = typeof fixed === 'number' ? fixed : Math.round(BUILT_AROUND_S * sampleRate);
  if (windowSamples < sampleRate / MODEL_FPS)
    throw unusable(`it listens to ${windowSamples} samples at once, less than a frame`);
  const windowFrames = framesFor(windowSamples, sampleRate);
  return { sampleRate, windowSamples, windowFrames, fixedWindow: typeof fixed === 'number' };
}

function checkFrames({ shape: dimensions }: TensorDescription, shape: ModelShape): void {
  const frames = dimensions[1];
  if (typeof frames === 'number' && frames !== shape.windowFrames)
    throw unusable(
      `it gives ${frames} frames for ${shape.windowSamples} samples; at ${shape.sampleRate} Hz they should be ${shape.windowFrames}`,
    );
}

function identitySize({ name, type, shape }: TensorDescription): number {
  const size = typeof shape[1] === 'number' ? shape[1] : IDENTITY_SIZE;
  if (type !== 'float32' || !takesOne(shape[0]))
    throw unusable(`its input ${name} for the speaking style is not float32 [1, ${size}]`);
  return size;
}

function list(tensors: readonly TensorDescription[]): string {
  return tensors.map(({ name, type, shape }) => `${name} ${type} [${shape.join(', ')}]`).join(', ') || 'none';
}
