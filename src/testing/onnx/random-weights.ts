import type { Graph, Value } from './graph.ts';

/**
 * Adds numbers to a graph that nobody trained: random ones, the same for the same seed and place, and so scaled that
 * what comes out of a layer is about as large as what goes in.
 */
export class RandomWeights {
  readonly #graph: Graph;
  readonly #seed: number;

  constructor(graph: Graph, seed: number) {
    this.#graph = graph;
    this.#seed = seed;
  }

  /** Uniform, of variance 1 / fanIn, where fanIn is how many inputs are added up to one output. */
  random(name: string, shape: readonly number[], fanIn: number): Value {
    const largest = Math.sqrt(3 / fanIn);
    const seed = hash(this.#seed, this.#graph.parameters.length);
    return this.#graph.parameter(name, shape, (values) => fillUniform(values, largest, seed));
  }

  /** The scale of a norm. */
  ones(name: string, length: number): Value {
    return this.#graph.parameter(name, [length], (values) => values.fill(1));
  }

  /** A bias: small random numbers, so that no two channels are alike. */
  bias(name: string, length: number): Value {
    return this.random(name, [length], 300);
  }
}

/** Xorshift32: a hundred million numbers in a second or two. */
function fillUniform(values: Float32Array, largest: number, seed: number): void {
  const step = largest / 0x8000_0000;
  let state = seed;
  for (let index = 0; index < values.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[index] = state * step;
  }
}

/** A seed for a place; never 0, which xorshift would not leave. */
function hash(seed: number, place: number): number {
  let mixed = (seed ^ Math.imul(place + 1, 0x9e37_79b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) | 1;
}
