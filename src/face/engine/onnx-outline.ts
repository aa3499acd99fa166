import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A part of a file beside the graph that holds one tensor's numbers. */
export interface ExternalRange {
  /** As it stands in the graph: relative to the graph's folder. */
  readonly location: string;
  /** The file must be at least this long, in bytes. */
  readonly endByte: number;
}

/** What can be said of an ONNX file without loading it. */
export interface OnnxOutline {
  /** Whether it is made like an ONNX model, to its last byte. */
  readonly whole: boolean;
  readonly external: readonly ExternalRange[];
}

/** The protobuf fields followed here (onnx.proto3); everything else is skipped unread. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_GRAPH = 6;
const TENSOR_EXTERNAL_DATA = 13;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/** A location or a number is short; whatever is longer is not one. */
const MAX_ENTRY_BYTES = 4096;
const PAGE_BYTES = 64 * 1024;

/** The file ends, or turns into something else, before the model does. */
class Broken extends Error {}

/**
 * Reads where a model keeps its numbers, skipping over the numbers themselves: quick and small even for a graph of
 * hundreds of megabytes.
 *
 * @throws only what opening and reading the file throws.
 */
export function readOnnxOutline(path: string): OnnxOutline {
  const file = openSync(path, 'r');
  const external: ExternalRange[] = [];
  try {
    const walker = new Walker(file);
    let graphs = 0;
    for (const field of walker.fields(0, walker.size)) {
      if (field.number !== MODEL_GRAPH || !field.nested) continue;
      graphs += 1;
      readGraph(walker, field, external);
    }
    return { whole: graphs === 1, external };
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown;
    return { whole: false, external };
  } finally {
    closeSync(file);
  }
}

function readGraph(walker: Walker, graph: Field, found: ExternalRange[]): void {
  for (const field of walker.fields(graph.start, graph.end)) {
    if (field.number === GRAPH_INITIALIZER) readTensor(walker, field, found);
    if (field.number !== GRAPH_NODE) continue;
    for (const attribute of walker.fields(field.start, field.end)) {
      if (attribute.number !== NODE_ATTRIBUTE || !attribute.nested) continue;
      for (const value of walker.fields(attribute.start, attribute.end)) {
        if (value.number === ATTRIBUTE_TENSOR && value.nested) readTensor(walker, value, found);
        if (value.number === ATTRIBUTE_GRAPH && value.nested) readGraph(walker, value, found);
      }
    }
  }
}

function readTensor(walker: Walker, tensor: Field, found: ExternalRange[]): void {
  const entries = new Map<string, string>();
  for (const field of walker.fields(tensor.start, tensor.end)) {
    if (field.number !== TENSOR_EXTERNAL_DATA || !field.nested) continue;
    let key = '';
    let value = '';
    for (const part of walker.fields(field.start, field.end)) {
      if (part.number === ENTRY_KEY) key = walker.text(part);
      if (part.number === ENTRY_VALUE) value = walker.text(part);
    }
    entries.set(key, value);
  }
  const location = entries.get('location');
  if (location === undefined) return;
  const endByte = Number(entries.get('offset') ?? 0) + Number(entries.get('length') ?? 0);
  found.push({ location, endByte: Number.isSafeInteger(endByte) ? endByte : 0 });
}

/** One protobuf field: where its content lies. Only a nested one (wire type 2) has content to walk into. */
interface Field {
  readonly number: number;
  readonly nested: boolean;
  readonly start: number;
  readonly end: number;
}

/** Reads protobuf from a file page by page, wherever it is told to look. */
class Walker {
  readonly size: number;
  readonly #file: number;
  readonly #page = Buffer.alloc(PAGE_BYTES);
  #pageStart = 0;
  #pageLength = 0;
  #at = 0;

  constructor(file: number) {
    this.#file = file;
    this.size = fstatSync(file).size;
  }

  *fields(start: number, end: number): Generator<Field, void> {
    for (let at = start; at < end; ) {
      this.#at = at;
      const tag = this.#varint();
      const wireType = tag % 8;
      const nested = wireType === 2;
      const length = nested ? this.#varint() : this.#scalarBytes(wireType);
      const field = { number: Math.floor(tag / 8), nested, start: this.#at, end: this.#at + length };
      if (field.number === 0 || field.end > end) throw new Broken();
      yield field;
      at = field.end;
    }
  }

  text(field: Field): string {
    if (!field.nested || field.end - field.start > MAX_ENTRY_BYTES) throw new Broken();
    const bytes = Buffer.alloc(field.end - field.start);
    readSync(this.#file, bytes, 0, bytes.length, field.start);
    return bytes.toString('utf8');
  }

  #scalarBytes(wireType: number): number {
    if (wireType === 1) return 8;
    if (wireType === 5) return 4;
    if (wireType !== 0) throw new Broken();
    const start = this.#at;
    this.#varint();
    const length = this.#at - start;
    this.#at = start;
    return length;
  }

  #varint(): number {
    let value = 0;
    for (let place = 0; place < 10; place += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    throw new Broken();
  }

  #byte(): number {
    if (this.#at < this.#pageStart || this.#at >= this.#pageStart + this.#pageLength) {
      this.#pageStart = this.#at;
      this.#pageLength = readSync(this.#file, this.#page, 0, PAGE_BYTES, this.#at);
    }
    const byte = this.#page[this.#at - this.#pageStart];
    if (byte === undefined || this.#at >= this.size) throw new Broken();
    this.#at += 1;
    return byte;
  }
}
