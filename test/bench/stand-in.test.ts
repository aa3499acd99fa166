import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RawProcesses } from '../../bench/stand-in/raw-processes.ts';
import { writeTinyStandIn } from '../../src/testing/onnx/tiny-model.ts';
import { fileNames, Model, ownFolder } from '../support/model.ts';

const COMMAND = fileURLToPath(new URL('../../bench/stand-in/main.ts', import.meta.url));

function standIn(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [COMMAND, ...args]);
}

test('the command writes a stand-in that loads, and says what it is', async (context) => {
  const folder = join(await ownFolder(context), 'models', 'stand-in');
  const { stdout } = await standIn(folder, '--tiny', '--name', 'tiny.onnx');
  assert.match(stdout, /tiny\.onnx: a stand-in of [\d,]+ random parameters/);
  assert.deepEqual(await fileNames(folder), ['tiny.onnx', 'tiny.onnx.data']);
  const { shape } = await (await Model.load(join(folder, 'tiny.onnx'))).run(new Float32Array(16_000));
  assert.deepEqual(shape, [1, 30, 52]);
});

test('the command says how it is used when it is not told where', async () => {
  await assert.rejects(standIn('--tiny'), { code: 2, stderr: /<folder>/ });
});

test('processes that infer are measured together, and end when they are let go', async (context) => {
  const model = await writeTinyStandIn(await ownFolder(context));
  await using processes = await RawProcesses.start(model, 2);
  const { soundPerSecond, runMs } = await processes.measure({ windowSamples: 8000, forMs: 50 });
  assert.ok(runMs.count >= 2 && runMs.p50 > 0);
  assert.ok(soundPerSecond > 1);
});
