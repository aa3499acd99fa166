import type { Attribute, Constant, Graph, Node, Parameter, Port } from './graph.ts';
import { bytes, encode, type Field, float, integer, message, text } from './protobuf.ts';

/** The version of the file format; 8 goes with operator sets up to 18, and every runtime in use reads it. */
const IR_VERSION = 8;

const ELEMENT_TYPE = { float: 1, int64: 7 } as const;
const EXTERNAL = 1;

/** Where a parameter's numbers are: in the graph itself, or at a place in a file beside it. */
export type Location =
  | { readonly inside: Float32Array }
  | { readonly file: string; readonly offset: number; readonly bytes: number };

/** Who wrote a model, and for what. */
export interface ModelHeader {
  readonly producer: string;
  /** The operator set it claims; the graph's own, but for a file that should be refused. */
  readonly claimedOpset: number;
}

/** The bytes of an .onnx file: a ModelProto, whose fields have the numbers that onnx.proto gives them. */
export function encodeModel(
  graph: Graph,
  header: ModelHeader,
  locate: (parameter: Parameter) => Location,
): Uint8Array {
  return encode([
    integer(1, IR_VERSION),
    text(2, header.producer),
    message(7, [
      ...graph.nodes.map((node) => message(1, nodeProto(node))),
      text(2, 'main_graph'),
      ...graph.constants.map((constant) => message(5, constantProto(constant))),
      ...graph.parameters.map((parameter) => message(5, parameterProto(parameter, locate(parameter)))),
      ...graph.inputs.map((port) => message(11, portProto(port))),
      ...graph.outputs.map((port) => message(12, portProto(port))),
    ]),
    message(8, [text(1, ''), integer(2, header.claimedOpset)]),
  ]);
}

function nodeProto({ op, inputs, output, attributes }: Node): Field[] {
  return [
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, [text(1, name), ...attributeProto(value)]),
    ),
  ];
}

function attributeProto(value: Attribute): Field[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if (typeof value === 'string') return [text(4, value), integer(20, 3)];
  if ('float' in value) return [float(2, value.float), integer(20, 1)];
  return [...value.map((item) => integer(8, item)), integer(20, 7)];
}

function constantProto({ name, type, shape, values }: Constant): Field[] {
  const raw =
    type === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, (value) => BigInt(value));
  return [...tensorHead(name, shape, type), bytes(9, bytesOf(raw))];
}

function parameterProto({ name, shape }: Parameter, location: Location): Field[] {
  const head = tensorHead(name, shape, 'float');
  if ('inside' in location) return [...head, bytes(9, bytesOf(location.inside))];
  const where = { location: location.file, offset: location.offset, length: location.bytes };
  return [
    ...head,
    ...Object.entries(where).map(([key, value]) => message(13, [text(1, key), text(2, String(value))])),
    integer(14, EXTERNAL),
  ];
}

function tensorHead(name: string, shape: readonly number[], type: Constant['type']): Field[] {
  return [...shape.map((length) => integer(1, length)), integer(2, ELEMENT_TYPE[type]), text(8, name)];
}

function portProto({ name, shape }: Port): Field[] {
  const dimensions = shape.map((length) =>
    message(1, [typeof length === 'number' ? integer(1, length) : text(2, length)]),
  );
  return [text(1, name), message(2, [message(1, [integer(1, ELEMENT_TYPE.float), message(2, dimensions)])])];
}

function bytesOf(view: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
