import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeTinyModel } from '../../src/testing/onnx/tiny-model.ts';
import { ownFolder } from '../support/model.ts';
import { childrenOf, noProc, startServer } from '../support/server-process.ts';

/** Names that Node itself gives a child: its channel, and where a test run collects coverage. */
const NODES_OWN = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_V8_COVERAGE'];

test('a process that runs the model has no key of the server in its environment', {
  skip: noProc,
}, async (context) => {
  const server = await startServer(context, {
    FACE_ENGINE: 'wav2arkit',
    ONNX_MODEL_PATH: await writeTinyModel(join(await ownFolder(context), 'model')),
    FACE_PROCESSES: '1',
    FACE_THREADS: '1',
    OPENAI_API_KEY: 'sentinel',
    AUTH_SECRET_KEY: 'sentinel',
    NODE_OPTIONS: '--max-old-space-size=512',
  });
  const [child] = childrenOf(server.pid);
  const variables = readFileSync(`/proc/${child}/environ`, 'utf8').split('\0').filter(Boolean);
  const names = variables.map((variable) => variable.slice(0, variable.indexOf('=')));
  assert.deepEqual(names.filter((name) => !NODES_OWN.includes(name)).sort(), ['NODE_OPTIONS', 'PATH']);
});
