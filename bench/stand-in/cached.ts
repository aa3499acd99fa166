import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WAV2ARKIT } from '../../src/testing/onnx/contract.ts';
import type { Graph } from '../../src/testing/onnx/graph.ts';
import { dataFileBytes, writeModel } from '../../src/testing/onnx/model-file.ts';
import { FULL_SIZE, standInModel } from '../../src/testing/onnx/stand-in-model.ts';
import { MODEL_FILE_NAME } from '../../src/testing/onnx/tiny-model.ts';

/**
 * The full-size stand-in (400 MB), made once: it stays in a folder under the system's own for temporary files, whose
 * name changes with the graph. Of several processes that want it at once each may make one; the first is kept.
 *
 * @returns the path of the .onnx file.
 */
export async function cachedStandIn(): Promise<string> {
  const graph = standInModel({ contract: WAV2ARKIT, size: FULL_SIZE, seed: 1 });
  const folder = join(tmpdir(), `avatar-chat-stand-in-${fingerprint(graph)}`);
  const path = join(folder, MODEL_FILE_NAME);
  if (await isComplete(path, graph)) return path;
  const making = await mkdtemp(`${folder}-`);
  try {
    await writeModel(making, graph, { fileName: MODEL_FILE_NAME, data: 'beside' });
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!(await isComplete(path, graph))) throw error;
  }
  return path;
}

async function isComplete(path: string, graph: Graph): Promise<boolean> {
  const bytes = async (file: string) => (await stat(file).catch(() => undefined))?.size;
  return (await bytes(path)) !== undefined && (await bytes(`${path}.data`)) === dataFileBytes(graph);
}

function fingerprint({ nodes, constants, parameters }: Graph): string {
  const shapes = parameters.map(({ name, shape }) => [name, shape]);
  return createHash('sha256')
    .update(JSON.stringify([nodes, constants, shapes]))
    .digest('hex')
    .slice(0, 12);
}
