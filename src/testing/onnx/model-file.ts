import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Graph, type Parameter, sizeOf } from './graph.ts';
import { encodeModel, type Location } from './messages.ts';

/** Numbers in the data file begin at multiples of this, as the exporters of real models place them. */
const ALIGNMENT = 64;

/** How a graph becomes a file. */
export interface ModelFileOptions {
  /** The name of the .onnx file; the data file beside it has the same name with `.data` behind it. */
  readonly fileName: string;
  /** Whether the parameters stand in a file of their own (as wav2arkit_cpu's do) or in the graph's. */
  readonly data: 'beside' | 'inside';
  /** The operator set the file claims; the graph's own where it is left out. */
  readonly claimedOpset?: number;
}

/**
 * Writes a model, parameter by parameter. The graph's file comes last and all at once: where it is, all is.
 *
 * @returns the path of the .onnx file.
 */
export async function writeModel(folder: string, graph: Graph, options: ModelFileOptions): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, options.fileName);
  const locations =
    options.data === 'inside' ? placedInside(graph) : placedBeside(graph, `${options.fileName}.data`);
  if (options.data === 'beside') await writeFile(`${path}.data`, dataOf(graph));
  const header = {
    producer: 'avatar-chat-server stand-in',
    claimedOpset: options.claimedOpset ?? graph.opset,
  };
  const bytes = encodeModel(graph, header, (parameter) => found(locations, parameter));
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
  return path;
}

/** Bytes of the data file that {@link writeModel} puts beside the graph. */
export function dataFileBytes(graph: Graph): number {
  return graph.parameters.reduce((offset, parameter) => aligned(offset) + bytesOf(parameter), 0);
}

function placedInside(graph: Graph): Map<Parameter, Location> {
  return new Map(graph.parameters.map((parameter) => [parameter, { inside: parameter.values() }]));
}

function placedBeside(graph: Graph, file: string): Map<Parameter, Location> {
  let end = 0;
  const place = (parameter: Parameter): Location => {
    const offset = aligned(end);
    end = offset + bytesOf(parameter);
    return { file, offset, bytes: bytesOf(parameter) };
  };
  return new Map(graph.parameters.map((parameter) => [parameter, place(parameter)]));
}

function* dataOf(graph: Graph): Generator<Uint8Array> {
  let end = 0;
  for (const parameter of graph.parameters) {
    const offset = aligned(end);
    yield new Uint8Array(offset - end);
    yield new Uint8Array(parameter.values().buffer);
    end = offset + bytesOf(parameter);
  }
}

function found(locations: ReadonlyMap<Parameter, Location>, parameter: Parameter): Location {
  const location = locations.get(parameter);
  if (location === undefined) throw new Error(`${parameter.name} has no place`);
  return location;
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function bytesOf({ shape }: Parameter): number {
  return sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT;
}
