import type { Value } from './graph.ts';
import type { Layers } from './layers.ts';

/** Sizes of the part that listens: wav2vec2. */
export interface EncoderSize {
  /** Channels of the convolutions over the sound. */
  readonly features: number;
  readonly width: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly layers: number;
  /** Frames the positional convolution sees (even), and into how many groups its channels fall. */
  readonly positionKernel: number;
  readonly positionGroups: number;
}

const KERNELS = [10, 3, 3, 3, 3, 2, 2] as const;
const STRIDES = [5, 2, 2, 2, 2, 2, 2] as const;

/**
 * wav2vec2-base, as the model has it: its features are stretched to 30 a second before the transformer.
 *
 * @param audio [batch, samples], at least 400 of them.
 * @param frames how many rows are wanted, an integer of shape [1].
 * @returns the rows, and how many features there were before they were stretched (an integer of shape [1]).
 */
export function encoder(
  layers: Layers,
  size: EncoderSize,
  audio: Value,
  frames: Value,
): { readonly rows: Value; readonly featureCount: Value } {
  const { graph } = layers;
  const features = extractor(layers, size, audio);
  const featureCount = graph.node('Gather', [graph.node('Shape', [features]), graph.integers(2)]);
  const stretched = layers.turned(layers.stretched(features, size.features, frames));
  const normed = layers.layerNorm('projection.norm', stretched, size.features);
  const projected = layers.linear('projection', normed, size.features, size.width);
  let rows = layers.layerNorm('encoder.norm', withPositions(layers, size, projected), size.width);
  for (let index = 0; index < size.layers; index += 1) {
    rows = transformerLayer(layers, size, `encoder.layers.${index}`, rows);
  }
  return { rows, featureCount };
}

function extractor(layers: Layers, { features }: EncoderSize, audio: Value): Value {
  let waves = layers.graph.node('Unsqueeze', [audio, layers.graph.integers(1)]);
  for (const [index, kernel] of KERNELS.entries()) {
    const name = `extractor.${index}`;
    waves = layers.conv(name, waves, {
      from: index === 0 ? 1 : features,
      to: features,
      kernel,
      stride: STRIDES[index] ?? 1,
      bias: false,
    });
    if (index === 0) waves = layers.windowNorm(`${name}.norm`, waves, features);
    waves = layers.gelu(waves);
  }
  return waves;
}

function withPositions(layers: Layers, size: EncoderSize, rows: Value): Value {
  const { graph } = layers;
  const { width, positionKernel, positionGroups } = size;
  const oneTooMany = layers.conv('encoder.positions', layers.turned(rows), {
    from: width,
    to: width,
    kernel: positionKernel,
    padding: positionKernel / 2,
    groups: positionGroups,
    bias: true,
  });
  const bounds = [graph.integers(0), graph.integers(-1), graph.integers(2)];
  const positions = layers.gelu(graph.node('Slice', [oneTooMany, ...bounds]));
  return graph.node('Add', [rows, layers.turned(positions)]);
}

function transformerLayer(layers: Layers, size: EncoderSize, name: string, rows: Value): Value {
  const { graph } = layers;
  const { width, feedForward } = size;
  const attended = graph.node('Add', [rows, attention(layers, size, `${name}.attention`, rows)]);
  const first = layers.layerNorm(`${name}.attention.norm`, attended, width);
  const inner = layers.gelu(layers.linear(`${name}.inner`, first, width, feedForward));
  const outer = layers.linear(`${name}.outer`, inner, feedForward, width);
  return layers.layerNorm(`${name}.norm`, graph.node('Add', [first, outer]), width);
}

function attention(layers: Layers, { width, heads }: EncoderSize, name: string, rows: Value): Value {
  const { graph } = layers;
  const perHead = width / heads;
  const split = graph.integers(0, 0, heads, perHead);
  const part = (what: string, perm: readonly number[]) => {
    const all = layers.linear(`${name}.${what}`, rows, width, width);
    return graph.node('Transpose', [graph.node('Reshape', [all, split])], { perm });
  };
  const query = graph.node('Mul', [part('query', [0, 2, 1, 3]), graph.scalar(perHead ** -0.5)]);
  const scores = graph.node('MatMul', [query, part('key', [0, 2, 3, 1])]);
  const shares = graph.node('Softmax', [scores], { axis: -1 });
  const mixed = graph.node('MatMul', [shares, part('value', [0, 2, 1, 3])]);
  const together = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  const joined = graph.node('Reshape', [together, graph.integers(0, 0, width)]);
  return layers.linear(`${name}.out`, joined, width, width);
}
