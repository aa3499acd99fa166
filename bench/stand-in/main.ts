import { parseArgs } from 'node:util';
import { LAM_A2E, WAV2ARKIT } from '../../src/testing/onnx/contract.ts';
import { writeModel } from '../../src/testing/onnx/model-file.ts';
import { FULL_SIZE, standInModel, TINY_SIZE } from '../../src/testing/onnx/stand-in-model.ts';
import { MODEL_FILE_NAME } from '../../src/testing/onnx/tiny-model.ts';

const USAGE = `node bench/stand-in/main.ts <folder> [--tiny] [--lam-a2e] [--seed 1] [--name ${MODEL_FILE_NAME}]

Writes a stand-in for the face model: an ONNX file of the same architecture, size, inputs and outputs as wav2arkit_cpu
(or lam-a2e), with random weights (400 MB; --tiny: 370 KB). It is as fast as the real one, and its faces mean nothing.`;

/** Exits with 2 if it is not told where. */
async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tiny: { type: 'boolean', default: false },
      'lam-a2e': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      name: { type: 'string', default: MODEL_FILE_NAME },
    },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    console.error(USAGE);
    return 2;
  }
  const graph = standInModel({
    contract: values['lam-a2e'] ? LAM_A2E : WAV2ARKIT,
    size: values.tiny ? TINY_SIZE : FULL_SIZE,
    seed: Number(values.seed),
  });
  const path = await writeModel(folder, graph, { fileName: values.name, data: 'beside' });
  console.log(`${path}: a stand-in of ${graph.parameterCount.toLocaleString('en')} random parameters`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
