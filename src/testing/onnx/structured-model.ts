import { BLENDSHAPES, type Blendshape } from '../../protocol/blendshapes.ts';
import { COLUMN_ORDERS } from './column-order.ts';
import {
  type Contract,
  declareBlendshapes,
  declareInputs,
  declareLetters,
  IDENTITIES,
  type Inputs,
  LETTERS,
} from './contract.ts';
import { addFault, type Fault } from './fault.ts';
import { Graph, type Value } from './graph.ts';
import { bandFilters, contextKernels, FRAME_TAPS, HIDDEN, hann } from './structured-kernels.ts';

/** Centres of the bands it hears, in Hz. */
const BANDS_HZ = [300, 700, 1500, 2700] as const;

const FILTER_SAMPLES = 64;
const FILTER_STRIDE = 4;
/** The smoothing that follows covers 64 ms. */
const SMOOTHING_TAPS = 256;
const SMOOTHING_STRIDE = 4;
const SAMPLES_PER_ENVELOPE = FILTER_STRIDE * SMOOTHING_STRIDE;

/** Silence behind the sound, so that the last frame has a middle even where its sound is cut short. */
const TAIL_SAMPLES = 2048;

/** How much louder than 1/LOUDNESS a band has to be to be heard well. */
const LOUDNESS = 40;

const SILENT_LOGIT = -4;

/** What a structured model is to be. */
export interface StructuredModelOptions {
  readonly contract: Contract;
  /** Which name each column has; it is all that differs. */
  readonly order: keyof typeof COLUMN_ORDERS;
  readonly fault: Fault | undefined;
}

/**
 * A model whose faces are a smooth function of the sound near them: the loudness of four bands, seen through 266 ms
 * before and after (most of the weight within 100 ms), moves 52 columns, jawOpen and mouthLowerDown most. Silence gives
 * less than .02 in each. Nothing else counts, neither the length of the window nor where in it a frame stands, so how
 * far a streamed face is from an offline one is the streaming's doing: three frames held back and faded over keep
 * every channel's correlation above .98 and its seams as smooth as the rest; none held back, or windows without a past,
 * do not.
 */
export function structuredModel({ contract, order, fault }: StructuredModelOptions): Graph {
  const graph = new Graph(contract.opset);
  const inputs = declareInputs(graph, contract);
  const logits = readout(graph, heardIn(graph, inputs), COLUMN_ORDERS[order]);
  const styled = inputs.identity === undefined ? logits : withIdentity(graph, logits, inputs.identity, order);
  const weights = graph.node('Sigmoid', [styled]);
  const faulty = addFault(graph, { audio: inputs.audio, weights }, fault);
  declareBlendshapes(graph, contract, faulty.weights, faulty.columns);
  if (contract.asrLogits) declareLetters(graph, contract, letters(graph, inputs.audio));
  return graph;
}

/** [batch, hidden, frames]: what a structured model hears in the sound, -1..1; in silence 0. */
export function heardIn(graph: Graph, { audio, frames }: Inputs): Value {
  return context(graph, atFrames(graph, bandLevels(graph, audio), frames));
}

/** [batch, bands, time]: how loud each band is, once every 16 samples. */
function bandLevels(graph: Graph, audio: Value): Value {
  const filters = graph.parameter('bands.weight', [BANDS_HZ.length, 1, FILTER_SAMPLES], (values) => {
    values.set(bandFilters(BANDS_HZ, FILTER_SAMPLES));
  });
  const smoothing = graph.parameter('smoothing.weight', [BANDS_HZ.length, 1, SMOOTHING_TAPS], (values) => {
    const taps = hann(SMOOTHING_TAPS);
    values.set(BANDS_HZ.flatMap(() => taps));
  });
  const bands = graph.node('Conv', [graph.node('Unsqueeze', [audio, graph.integers(1)]), filters], {
    strides: [FILTER_STRIDE],
    pads: [FILTER_SAMPLES / 2, FILTER_SAMPLES / 2 + TAIL_SAMPLES],
  });
  const envelopes = graph.node('Conv', [graph.node('Abs', [bands]), smoothing], {
    strides: [SMOOTHING_STRIDE],
    pads: [SMOOTHING_TAPS / 2, SMOOTHING_TAPS / 2],
    group: BANDS_HZ.length,
  });
  const scaled = graph.node('Mul', [envelopes, graph.scalar(LOUDNESS)]);
  return graph.node('Log', [graph.node('Add', [scaled, graph.scalar(1)])]);
}

/** [batch, bands, frames]: the levels in the middle of each frame, (i + ½) / 30 s. */
function atFrames(graph: Graph, levels: Value, frames: Value): Value {
  const count = graph.node('Squeeze', [frames, graph.integers(0)]);
  const indices = graph.node('Range', [graph.integer(0), count, graph.integer(1)]);
  const scaled = graph.node('Mul', [indices, graph.integers(1600)]);
  const middles = graph.node('Div', [
    graph.node('Add', [scaled, graph.integers(800)]),
    graph.integers(3 * SAMPLES_PER_ENVELOPE),
  ]);
  return graph.node('Gather', [levels, middles], { axis: 2 });
}

/** [batch, hidden, frames]: mixtures of bands, with what came before and what follows. */
function context(graph: Graph, levels: Value): Value {
  const kernels = graph.parameter(
    'context.weight',
    [HIDDEN.length, BANDS_HZ.length, FRAME_TAPS],
    (values) => {
      values.set(contextKernels());
    },
  );
  const padding = (FRAME_TAPS - 1) / 2;
  return graph.node('Tanh', [graph.node('Conv', [levels, kernels], { pads: [padding, padding] })]);
}

/** [batch, frames, 52]: how much each column would like to be there, before the sigmoid. */
function readout(graph: Graph, hidden: Value, order: readonly Blendshape[]): Value {
  const weight = graph.parameter('readout.weight', [HIDDEN.length, order.length], (values) => {
    for (const [column, name] of order.entries()) {
      for (const [unit, gain] of gains(name).entries()) values[unit * order.length + column] = gain;
    }
  });
  const bias = graph.parameter('readout.bias', [order.length], (values) => values.fill(SILENT_LOGIT));
  const rows = graph.node('Transpose', [hidden], { perm: [0, 2, 1] });
  return graph.node('Add', [graph.node('MatMul', [rows, weight]), bias]);
}

/** What a channel makes of each hidden unit: no two do the same, and none of the others opens like the jaw. */
function gains(name: Blendshape): number[] {
  if (name === 'jawOpen') return [5, 0, 0.5, 0, 0, 0];
  if (name.startsWith('mouthLowerDown')) return [1, 0.5, 4, 0, name.endsWith('Left') ? 0.2 : -0.2, 0];
  const place = BLENDSHAPES.indexOf(name);
  const largest = (name.startsWith('mouth') ? 2 : 1) + place / 200;
  const chosen = place % HIDDEN.length;
  return HIDDEN.map((_, unit) => (unit === chosen ? largest : ((place * 7 + unit * 3) % 5) * 0.1));
}

/** Identity k raises browInnerUp, as far as a number can say who speaks: silence gives 1 / (1 + e^(4 - .3 k)) there. */
function withIdentity(
  graph: Graph,
  logits: Value,
  identity: Value,
  order: keyof typeof COLUMN_ORDERS,
): Value {
  const columns = COLUMN_ORDERS[order];
  const weight = graph.parameter('identity.weight', [IDENTITIES, columns.length], (values) => {
    for (let index = 0; index < IDENTITIES; index += 1) {
      values[index * columns.length + columns.indexOf('browInnerUp')] = 0.3 * index;
    }
  });
  const style = graph.node('Unsqueeze', [graph.node('MatMul', [identity, weight]), graph.integers(1)]);
  return graph.node('Add', [logits, style]);
}

/** An output that nobody needs, as lam-a2e has one. */
function letters(graph: Graph, audio: Value): Value {
  const weight = graph.parameter('letters.weight', [LETTERS, 1, 400], (values) => values.fill(1 / 400));
  const waves = graph.node('Unsqueeze', [audio, graph.integers(1)]);
  const scores = graph.node('Conv', [waves, weight], { strides: [320] });
  return graph.node('Transpose', [scores], { perm: [0, 2, 1] });
}
