import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import {
  type Contract,
  declareBlendshapes,
  declareInputs,
  declareLetters,
  IDENTITIES,
  LETTERS,
} from './contract.ts';
import { type DecoderSize, decoder } from './decoder.ts';
import { type EncoderSize, encoder } from './encoder.ts';
import { Graph, type Value } from './graph.ts';
import { Layers } from './layers.ts';

/** How large a stand-in is. */
export interface StandInSize extends EncoderSize, DecoderSize {}

/** wav2arkit_cpu's: 100,503,412 parameters. */
export const FULL_SIZE: StandInSize = {
  features: 512,
  width: 768,
  heads: 12,
  feedForward: 3072,
  layers: 12,
  positionKernel: 128,
  positionGroups: 16,
  hidden: 512,
  identity: 64,
};

/** Every layer of the full size, but narrow, and two transformer layers: a few milliseconds for a window. */
export const TINY_SIZE: StandInSize = {
  features: 32,
  width: 48,
  heads: 4,
  feedForward: 96,
  layers: 2,
  positionKernel: 16,
  positionGroups: 4,
  hidden: 32,
  identity: 8,
};

/** Which identity wav2arkit_cpu has baked in. */
const BAKED_IDENTITY = 11;

/** What a stand-in is to be. */
export interface StandInOptions {
  readonly contract: Contract;
  readonly size: StandInSize;
  /** The same seed gives the same weights. */
  readonly seed: number;
}

/**
 * A network of the architecture of wav2arkit_cpu (or, by its contract, of lam-a2e) with random weights: it takes and
 * gives the same shapes, and of full size it takes the same time. What it gives is finite and moves with the sound, but
 * it is no face: its figures are figures of speed, never of quality.
 */
export function standInModel({ contract, size, seed }: StandInOptions): Graph {
  const graph = new Graph(contract.opset);
  const layers = new Layers(graph, seed);
  const { audio, frames, identity = bakedIdentity(graph) } = declareInputs(graph, contract);
  const { rows, featureCount } = encoder(layers, size, audio, frames);
  const weights = decoder(layers, size, { rows, width: size.width, identity });
  declareBlendshapes(graph, contract, weights, BLENDSHAPE_COUNT);
  if (contract.asrLogits) declareLetters(graph, contract, letters(layers, size, rows, featureCount));
  return graph;
}

function bakedIdentity(graph: Graph): Value {
  const oneHot = Array.from({ length: IDENTITIES }, (_, index) => (index === BAKED_IDENTITY ? 1 : 0));
  return graph.floats(oneHot, [1, IDENTITIES]);
}

/** The head that the model was trained with, back at the features' own rate. */
function letters(layers: Layers, { width }: StandInSize, rows: Value, featureCount: Value): Value {
  const scores = layers.turned(layers.linear('letters', rows, width, LETTERS));
  return layers.turned(layers.stretched(scores, LETTERS, featureCount));
}
