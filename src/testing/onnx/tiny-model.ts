import type { COLUMN_ORDERS } from './column-order.ts';
import { type Contract, WAV2ARKIT } from './contract.ts';
import type { Fault } from './fault.ts';
import { type ModelFileOptions, writeModel } from './model-file.ts';
import { standInModel, TINY_SIZE } from './stand-in-model.ts';
import { structuredModel } from './structured-model.ts';

/** What the .onnx file of every model is called that is not told otherwise. */
export const MODEL_FILE_NAME = 'wav2arkit_cpu.onnx';

/** What a file of any model is to be; everything has a default. */
export interface TinyFileOptions extends Partial<ModelFileOptions> {
  /** Names and shapes of what it takes and gives: those of wav2arkit_cpu, if nothing is said. */
  readonly contract?: Contract;
}

/** What a structured model is to be. */
export interface TinyModelOptions extends TinyFileOptions {
  /** Which columns its 52 are in; `lam` is the order of BLENDSHAPES, and that of the real models. */
  readonly order?: keyof typeof COLUMN_ORDERS;
  /** What is to be wrong with what it gives. */
  readonly fault?: Fault;
}

/** What a tiny stand-in is to be. */
export interface TinyStandInOptions extends TinyFileOptions {
  /** The same seed gives the same file, byte by byte; 1, if nothing is said. */
  readonly seed?: number;
}

/**
 * Writes a model for tests whose faces follow the sound (structured-model.ts): 10 KB, 1 to 2 ms for a window. The
 * folder is made if it is not there; who writes it removes it.
 *
 * @returns the path of the .onnx file; its data stand beside it in a file of the same name and `.data`.
 */
export function writeTinyModel(folder: string, options: TinyModelOptions = {}): Promise<string> {
  const { contract = WAV2ARKIT, order = 'lam', fault } = options;
  return writeModel(folder, structuredModel({ contract, order, fault }), fileOptions(options));
}

/**
 * Writes a small stand-in: every layer of wav2arkit_cpu, random weights, about 370 KB, some 5 ms for a window. As in the
 * real model its norm runs over the whole window, so that where a window begins shows in all its frames.
 *
 * @returns the path of the .onnx file; its data stand beside it.
 */
export function writeTinyStandIn(folder: string, options: TinyStandInOptions = {}): Promise<string> {
  const { contract = WAV2ARKIT, seed = 1 } = options;
  return writeModel(folder, standInModel({ contract, size: TINY_SIZE, seed }), fileOptions(options));
}

function fileOptions({ fileName, data, claimedOpset }: TinyFileOptions): ModelFileOptions {
  return {
    fileName: fileName ?? MODEL_FILE_NAME,
    data: data ?? 'beside',
    ...(claimedOpset === undefined ? {} : { claimedOpset }),
  };
}
