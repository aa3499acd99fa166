import type { Graph, Value } from './graph.ts';

/** What a model of this family takes and gives, whatever is inside it. */
export interface Contract {
  /** Name of the input: mono sound at 16 kHz, -1..1. */
  readonly audio: string;
  /** Name of an input of 12 numbers, one of them 1: whose way of speaking it is. Left out: baked into the model. */
  readonly identity?: string;
  /** Samples of its only window; left out, any number is taken. */
  readonly windowSamples?: number;
  /** Whether it gives `asr_logits` too, 50 rows of 32 a second. */
  readonly asrLogits: boolean;
  /** Operator set. */
  readonly opset: number;
}

/** myned-ai/wav2arkit_cpu. */
export const WAV2ARKIT: Contract = { audio: 'audio_waveform', asrLogits: false, opset: 18 };

/** omote-ai/lam-a2e. */
export const LAM_A2E: Contract = {
  audio: 'audio',
  identity: 'identity',
  windowSamples: 16_000,
  asrLogits: true,
  opset: 14,
};

/** How many identities there are. */
export const IDENTITIES = 12;

/** Frames for so many samples: 30 for each second, the last one for what is left. */
export function framesFor(samples: number): number {
  return Math.ceil((30 * samples) / 16_000);
}

/** Letters that lam-a2e tells apart. */
export const LETTERS = 32;

/** A graph's inputs, and what is asked of them in every model. */
export interface Inputs {
  /** [batch, samples] */
  readonly audio: Value;
  /** [batch, 12], where the contract has it. */
  readonly identity: Value | undefined;
  /** How many frames are to be made: an integer of shape [1]. */
  readonly frames: Value;
}

/** Declares what the contract takes. */
export function declareInputs(graph: Graph, contract: Contract): Inputs {
  const audio = graph.input(contract.audio, ['batch_size', contract.windowSamples ?? 'num_samples']);
  const identity =
    contract.identity === undefined ? undefined : graph.input(contract.identity, ['batch_size', IDENTITIES]);
  const samples = graph.node('Gather', [graph.node('Shape', [audio]), graph.integers(1)]);
  const tripled = graph.node('Mul', [samples, graph.integers(3)]);
  const frames = graph.node('Div', [
    graph.node('Add', [tripled, graph.integers(1599)]),
    graph.integers(1600),
  ]);
  return { audio, identity, frames };
}

/** Declares what it gives: `weights` is [batch, frames, 52]. */
export function declareBlendshapes(graph: Graph, contract: Contract, weights: Value, columns: number): void {
  const frames = contract.windowSamples === undefined ? 'num_frames' : framesFor(contract.windowSamples);
  graph.output('blendshapes', weights, ['batch_size', frames, columns]);
}

/** Declares the letters: `scores` is [batch, features, 32]. */
export function declareLetters(graph: Graph, contract: Contract, scores: Value): void {
  const rows = contract.windowSamples === undefined ? 'num_features' : featuresFor(contract.windowSamples);
  graph.output('asr_logits', scores, ['batch_size', rows, LETTERS]);
}

/** Rows of features that the convolutions make of so many samples: one every 20 ms. */
function featuresFor(samples: number): number {
  return Math.floor((samples - 400) / 320) + 1;
}
