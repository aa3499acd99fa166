/** The name of what a node gives or a graph takes. */
export type Value = string;

/** An input that a node leaves out. */
export const LEFT_OUT: Value = '';

/** A node's attribute: integers, texts, and floats, which have to say that they are. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** One operation. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Learned numbers; made only while they are written, so that 400 MB of them never stand in memory. */
export interface Parameter {
  readonly name: Value;
  readonly shape: readonly number[];
  /** The same numbers each time; the caller owns the array. */
  values(): Float32Array;
}

/** Numbers that are part of the description of the network, not of what it learned. */
export interface Constant {
  readonly name: Value;
  readonly type: 'float' | 'int64';
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** An input or output; a dimension that is free has a name. */
export interface Port {
  readonly name: Value;
  readonly shape: readonly (number | string)[];
}

/** An ONNX graph in the making: nodes in the order in which they were added. All floats are 32 bits. */
export class Graph {
  /** The operator set that its nodes are written for. */
  readonly opset: number;
  readonly inputs: Port[] = [];
  readonly outputs: Port[] = [];
  readonly nodes: Node[] = [];
  readonly parameters: Parameter[] = [];
  readonly constants: Constant[] = [];

  constructor(opset: number) {
    this.opset = opset;
  }

  /** How many numbers it would have learned. */
  get parameterCount(): number {
    return this.parameters.reduce((count, { shape }) => count + sizeOf(shape), 0);
  }

  /** Declares an input. */
  input(name: string, shape: Port['shape']): Value {
    this.inputs.push({ name, shape });
    return name;
  }

  /** Declares that a value is an output, and what it is called there. */
  output(name: string, value: Value, shape: Port['shape']): void {
    this.nodes.push({ op: 'Identity', inputs: [value], output: name, attributes: {} });
    this.outputs.push({ name, shape });
  }

  /** Adds an operation, and gives its (only) output. */
  node(op: string, inputs: readonly Value[], attributes: Node['attributes'] = {}): Value {
    const output = `${op}_${this.nodes.length}`;
    this.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** Adds learned numbers; `values` fills an array of zeros that has the shape's size. */
  parameter(name: string, shape: readonly number[], fill: (values: Float32Array) => void): Value {
    const values = () => {
      const filled = new Float32Array(sizeOf(shape));
      fill(filled);
      return filled;
    };
    this.parameters.push({ name, shape, values });
    return name;
  }

  /** A single float. */
  scalar(value: number): Value {
    return this.#constant('float', [], [value]);
  }

  /** Floats of a shape. */
  floats(values: readonly number[], shape: readonly number[]): Value {
    return this.#constant('float', shape, values);
  }

  /** A list of integers: axes, sizes, places. */
  integers(...values: readonly number[]): Value {
    return this.#constant('int64', [values.length], values);
  }

  /** A single integer. */
  integer(value: number): Value {
    return this.#constant('int64', [], [value]);
  }

  #constant(type: Constant['type'], shape: readonly number[], values: readonly number[]): Value {
    const name = `constant_${this.constants.length}`;
    this.constants.push({ name, type, shape, values });
    return name;
  }
}

/** How many numbers a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
