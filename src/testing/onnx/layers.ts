import type { Attribute, Graph, Value } from './graph.ts';
import { RandomWeights } from './random-weights.ts';

/** From this operator set on, a LayerNormalization is an operation of its own. */
const LAYER_NORM_SINCE = 17;

const EPSILON = 1e-5;

/** A 1-D convolution to be. */
export interface ConvShape {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
  readonly bias: boolean;
}

/** The layers a network of this family is made of, with random weights. "Rows" are [batch, time, channels]. */
export class Layers {
  readonly graph: Graph;
  readonly #weights: RandomWeights;

  constructor(graph: Graph, seed: number) {
    this.graph = graph;
    this.#weights = new RandomWeights(graph, seed);
  }

  /** [batch, channels, time] to the same. */
  conv(name: string, input: Value, { from, to, kernel, ...shape }: ConvShape): Value {
    const { stride = 1, padding = 0, groups = 1, bias } = shape;
    const fanIn = (from / groups) * kernel;
    const inputs = [input, this.#weights.random(`${name}.weight`, [to, from / groups, kernel], fanIn)];
    if (bias) inputs.push(this.#weights.bias(`${name}.bias`, to));
    const attributes: Record<string, Attribute> = {
      kernel_shape: [kernel],
      strides: [stride],
      pads: [padding, padding],
      group: groups,
    };
    return this.graph.node('Conv', inputs, attributes);
  }

  /** Rows to rows. */
  linear(name: string, input: Value, from: number, to: number): Value {
    const weight = this.#weights.random(`${name}.weight`, [from, to], from);
    const bias = this.#weights.bias(`${name}.bias`, to);
    return this.graph.node('Add', [this.graph.node('MatMul', [input, weight]), bias]);
  }

  /** Rows to rows: each over its channels. */
  layerNorm(name: string, input: Value, channels: number): Value {
    const scale = this.#weights.ones(`${name}.weight`, channels);
    const bias = this.#weights.bias(`${name}.bias`, channels);
    const { graph } = this;
    if (graph.opset >= LAYER_NORM_SINCE) {
      const attributes = { axis: -1, epsilon: { float: EPSILON } };
      return graph.node('LayerNormalization', [input, scale, bias], attributes);
    }
    const mean = (values: Value) => graph.node('ReduceMean', [values], { axes: [-1], keepdims: 1 });
    const centred = graph.node('Sub', [input, mean(input)]);
    const variance = mean(graph.node('Mul', [centred, centred]));
    const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(EPSILON)])]);
    const normed = graph.node('Div', [centred, deviation]);
    return graph.node('Add', [graph.node('Mul', [normed, scale]), bias]);
  }

  /** [batch, channels, time]: each channel over the whole window, which is a group norm with a group for each. */
  windowNorm(name: string, input: Value, channels: number): Value {
    const scale = this.#weights.ones(`${name}.weight`, channels);
    const bias = this.#weights.bias(`${name}.bias`, channels);
    return this.graph.node('InstanceNormalization', [input, scale, bias], { epsilon: { float: EPSILON } });
  }

  /** The exact one, by the error function. */
  gelu(input: Value): Value {
    const { graph } = this;
    const error = graph.node('Erf', [graph.node('Div', [input, graph.scalar(Math.SQRT2)])]);
    const share = graph.node('Add', [error, graph.scalar(1)]);
    return graph.node('Mul', [graph.node('Mul', [input, share]), graph.scalar(0.5)]);
  }

  /** The other way round: [batch, time, channels] and [batch, channels, time]. */
  turned(input: Value): Value {
    return this.graph.node('Transpose', [input], { perm: [0, 2, 1] });
  }

  /** [batch, channels, time], stretched evenly over another time, ends on ends; `time` is an integer of shape [1]. */
  stretched(input: Value, channels: number, time: Value): Value {
    const { graph } = this;
    const batch = graph.node('Gather', [graph.node('Shape', [input]), graph.integers(0)]);
    const sizes = graph.node('Concat', [batch, graph.integers(channels), time], { axis: 0 });
    return graph.node('Resize', [input, '', '', sizes], {
      mode: 'linear',
      coordinate_transformation_mode: 'align_corners',
    });
  }
}
