import { setPriority } from 'node:os';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { toAppError } from '../../errors.ts';
import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import type { FromChild, LoadOrder, ReadyReport, ToChild } from './inference-messages.ts';
import { framesFor, type RowOutput, readContract, type TensorDescription } from './model-contract.ts';
import { oneLine, unusable } from './model-file.ts';
import { joinRows, outputFault, tidyWeights } from './model-output.ts';
import { judgeColumns, testVowel } from './self-check.ts';

/**
 * A process that holds one model and runs one window at a time; the entry that inference-process.ts forks. It is the
 * only file that touches the native runtime: a run blocks its event loop, and a fault in it ends the process.
 */

/** Runs after the first, to learn how long one takes. */
const MEASURED_RUNS = 3;

/**
 * The server sends sound from the same cores: a face may be late, sound may not. Not more, or a busy neighbour on the
 * machine would starve a child until it is taken for hung.
 */
const NICENESS = 5;

interface Model {
  readonly report: ReadyReport;
  /** @throws an Error that says what is wrong with the output. */
  run(samples: Float32Array): Promise<Float32Array>;
}

let model: Model | undefined;
/** Jobs come one at a time, but a message may arrive while the last answer is being sent. */
let last: Promise<void> = Promise.resolve();

process.on('message', (message: ToChild) => {
  last = last.then(() => (message.type === 'load' ? load(message.order) : run(message.id, message.samples)));
});
// SIGKILL leaves out the native runtime's own teardown, which can hang or crash.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A terminal and systemd signal the whole group, but the server still needs its children while it drains.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
setPriority(NICENESS);

async function load(order: LoadOrder): Promise<void> {
  try {
    model = await loadModel(order);
    send({ type: 'ready', report: model.report });
  } catch (thrown) {
    send({ type: 'failed', reason: toAppError(thrown).message });
  }
}

async function run(id: number, samples: Float32Array): Promise<void> {
  try {
    if (model === undefined) throw new Error('no model is loaded');
    send({ type: 'done', id, rows: await model.run(samples) });
  } catch (thrown) {
    send({ type: 'sick', id, reason: oneLine(toAppError(thrown).message) });
  }
}

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function loadModel(order: LoadOrder): Promise<Model> {
  const onnx = await import('onnxruntime-node').catch((cause: unknown) => {
    throw unusable(`the ONNX runtime does not start on this machine (${toAppError(cause).message})`, cause);
  });
  const session = await createSession(onnx.InferenceSession, order);
  const contract = readContract(
    session.inputMetadata.map(describe),
    session.outputMetadata.map(describe),
    order.sampleRate,
    order.outputs,
  );
  const { windowSamples, fixedWindow } = contract.shape;
  const feeds: Record<string, Tensor> = {};
  if (contract.identity !== undefined) {
    const { input, size } = contract.identity;
    if (order.identity >= size)
      throw unusable(`it has ${size} speaking styles (0 to ${size - 1}), there is no ${order.identity}`);
    const oneHot = new Float32Array(size);
    oneHot[order.identity] = 1;
    feeds[input] = new onnx.Tensor('float32', oneHot, [1, size]);
  }
  const blendshapes = { name: contract.blendshapesOutput, width: BLENDSHAPE_COUNT };
  const fetch = async (samples: Float32Array, wanted: readonly RowOutput[]) => {
    if (fixedWindow ? samples.length !== windowSamples : samples.length > windowSamples)
      throw new Error(`it was given ${samples.length} samples instead of ${windowSamples}`);
    feeds[contract.audioInput] = new onnx.Tensor('float32', samples, [1, samples.length]);
    const fetched = await session.run(
      feeds,
      wanted.map(({ name }) => name),
    );
    return wanted.map((output) => ({
      output,
      raw: numbersOf(fetched[output.name], framesFor(samples.length, order.sampleRate), output),
    }));
  };
  const weightsOf = async (samples: Float32Array) => firstOf(await fetch(samples, [blendshapes]));
  const tried = await tryOut(weightsOf, windowSamples, order).catch((cause: unknown) => {
    throw unusable(`on a test sound ${toAppError(cause).message}`, cause);
  });
  return {
    report: { shape: contract.shape, ...tried, memory: memory() },
    run: async (samples) =>
      contract.rowOutputs.length === 0
        ? tidyWeights(await weightsOf(samples), tried.order)
        : joinRows(await fetch(samples, contract.rowOutputs), framesFor(samples.length, order.sampleRate)),
  };
}

/** An output's numbers, if nothing is wrong with them. */
function numbersOf(tensor: Tensor | undefined, frames: number, { name, width }: RowOutput): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`it gave no ${name}`);
  const fault = outputFault(tensor.data, tensor.dims, frames, width);
  if (fault !== undefined) throw new Error(fault);
  return tensor.data;
}

function firstOf([first]: readonly { readonly raw: Float32Array }[]): Float32Array {
  if (first === undefined) throw new Error('it gave no weights');
  return first.raw;
}

async function createSession(
  { create }: typeof InferenceSession,
  { path, threads }: LoadOrder,
): Promise<InferenceSession> {
  try {
    return await create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw unusable(`${path} cannot be loaded (${plainly(toAppError(cause).message)})`, cause);
  }
}

/** The runtime puts places and signatures of its own source before what it has to say. */
function plainly(message: string): string {
  return message
    .replace(/\s*\S*\/onnxruntime_src\/.*\) (?=[A-Z])/s, ' ')
    .replace(/^Load model from \S+ failed:\s*/, '');
}

function describe(tensor: InferenceSession.ValueMetadata): TensorDescription {
  return tensor.isTensor
    ? { name: tensor.name, type: tensor.type, shape: tensor.shape }
    : { name: tensor.name, type: 'no tensor', shape: [] };
}

/** Warms up, listens once whether a vowel opens the mouth, and takes the time. */
async function tryOut(
  runRaw: (samples: Float32Array) => Promise<Float32Array>,
  windowSamples: number,
  order: LoadOrder,
): Promise<Pick<ReadyReport, 'order' | 'warnings' | 'runMs'>> {
  const silence = Float32Array.from(await runRaw(new Float32Array(windowSamples)));
  const runMs: number[] = [];
  const vowelSound = testVowel(windowSamples, order.sampleRate);
  const timed = async () => {
    const startMs = performance.now();
    const weights = await runRaw(vowelSound);
    runMs.push(performance.now() - startMs);
    return weights;
  };
  if (order.knownOrder !== undefined) {
    await timed();
    return { order: order.knownOrder, warnings: [], runMs };
  }
  const verdict = judgeColumns(await timed(), silence, order.columnNames);
  while (runMs.length < MEASURED_RUNS) await timed();
  return { ...verdict, runMs };
}

function memory(): ReadyReport['memory'] {
  return { held: process.memoryUsage.rss(), left: process.availableMemory() };
}
