import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import { IDENTITIES } from './contract.ts';
import type { Value } from './graph.ts';
import type { Layers } from './layers.ts';

/** Sizes of the part that makes faces. */
export interface DecoderSize {
  readonly hidden: number;
  readonly identity: number;
}

/** What it makes faces of. */
export interface DecoderInputs {
  /** [batch, frames, width] */
  readonly rows: Value;
  readonly width: number;
  /** [batch, 12], or [1, 12] where it is baked in. */
  readonly identity: Value;
}

const KERNEL = 3;
const RESIDUAL_BLOCKS = 3;
const PLAIN_BLOCKS = 3;

/** The expression decoder: [batch, frames, 52], each 0..1. */
export function decoder(layers: Layers, size: DecoderSize, { rows, width, identity }: DecoderInputs): Value {
  const { graph } = layers;
  const { hidden } = size;
  const heard = layers.turned(layers.linear('decoder.projection', rows, width, hidden));
  let waves = graph.node('Concat', [heard, speaker(layers, size, heard, identity)], { axis: 1 });
  for (let index = 0; index < RESIDUAL_BLOCKS; index += 1) {
    const name = `decoder.residual.${index}`;
    const from = index === 0 ? hidden + size.identity : hidden;
    const straight = from === hidden ? waves : conv(layers, `${name}.straight`, waves, from, hidden);
    const bent = normedConv(layers, name, waves, from, hidden);
    waves = graph.node('Relu', [graph.node('Add', [bent, straight])]);
  }
  for (let index = 0; index < PLAIN_BLOCKS; index += 1) {
    waves = graph.node('Relu', [normedConv(layers, `decoder.plain.${index}`, waves, hidden, hidden)]);
  }
  const logits = layers.linear('decoder.out', layers.turned(waves), hidden, BLENDSHAPE_COUNT);
  return graph.node('Sigmoid', [logits]);
}

/** Who speaks, the same in each frame: [batch, size.identity, frames]. */
function speaker(layers: Layers, size: DecoderSize, heard: Value, identity: Value): Value {
  const { graph } = layers;
  const column = graph.node('Unsqueeze', [identity, graph.integers(2)]);
  const shape = { from: IDENTITIES, to: size.identity, kernel: 1, bias: true };
  const style = layers.conv('decoder.identity', column, shape);
  const place = (axis: number) => graph.node('Gather', [graph.node('Shape', [heard]), graph.integers(axis)]);
  const target = graph.node('Concat', [place(0), graph.integers(size.identity), place(2)], { axis: 0 });
  return graph.node('Expand', [style, target]);
}

function normedConv(layers: Layers, name: string, waves: Value, from: number, to: number): Value {
  const rows = layers.turned(conv(layers, name, waves, from, to));
  return layers.turned(layers.layerNorm(`${name}.norm`, rows, to));
}

function conv(layers: Layers, name: string, waves: Value, from: number, to: number): Value {
  return layers.conv(name, waves, { from, to, kernel: KERNEL, padding: 1, bias: true });
}
