import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { checkModelFile, oneLine } from '../../../src/face/engine/model-file.ts';
import { readOnnxOutline } from '../../../src/face/engine/onnx-outline.ts';
import { writeTinyModel } from '../../../src/testing/onnx/tiny-model.ts';

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:cdecbfad3915dd20\nsize 1862753\n';

const folders = await mkdtemp(join(tmpdir(), 'model-file-'));
after(() => rm(folders, { recursive: true }));
const freshFolder = () => mkdtemp(join(folders, 'model-'));

/** What is said of a file, which must be one line. */
function complaint(path: string): string {
  let said = '';
  assert.throws(
    () => checkModelFile(path),
    (error: Error & { code: string }) => {
      assert.equal(error.code, 'model_unusable');
      said = error.message;
      return true;
    },
  );
  assert.ok(!said.includes('\n'));
  return said;
}

test('a whole model is found, wherever its path starts', async () => {
  const path = await writeTinyModel(await freshFolder());
  assert.deepEqual(checkModelFile(path), { path, columnNames: undefined });
  assert.equal(checkModelFile(relative('.', path)).path, path);
  assert.equal(
    checkModelFile(await writeTinyModel(await freshFolder(), { data: 'inside' })).columnNames,
    undefined,
  );
});

test('the names in the config.json beside it come along; one that cannot be read does not matter', async () => {
  const path = await writeTinyModel(await freshFolder());
  const card = join(dirname(path), 'config.json');
  await writeFile(card, JSON.stringify({ blendshape_names: ['jawOpen'] }));
  assert.deepEqual(checkModelFile(path).columnNames, ['jawOpen']);
  await writeFile(card, '{ no json');
  assert.equal(checkModelFile(path).columnNames, undefined);
});

test('it says where it has looked for a file that is missing', () => {
  assert.match(complaint('./pretrained/none.onnx'), /there is no file \/.*\/pretrained\/none\.onnx/);
  assert.match(complaint(folders), /is not a file/);
});

test('a git-LFS pointer is called by its name, in place of the graph or of its data', async () => {
  const path = await writeTinyModel(await freshFolder());
  await writeFile(`${path}.data`, LFS_POINTER);
  assert.match(complaint(path), /wav2arkit_cpu\.onnx\.data is a git-LFS pointer.* run "git lfs pull"/);
  await writeFile(path, LFS_POINTER);
  assert.match(complaint(path), /wav2arkit_cpu\.onnx is a git-LFS pointer/);
});

test('data that are missing or cut short are named, with how much there is', async () => {
  const path = await writeTinyModel(await freshFolder());
  const { size } = await stat(`${path}.data`);
  await truncate(`${path}.data`, size - 1);
  assert.match(complaint(path), new RegExp(`\\.data is cut short: ${size - 1} of at least ${size} bytes`));
  await rm(`${path}.data`);
  assert.match(complaint(path), /\.data is missing: wav2arkit_cpu\.onnx keeps its weights in it/);
});

test('a graph that is cut short anywhere, or no model at all, is refused before it is loaded', async () => {
  for (const data of ['beside', 'inside'] as const) {
    const path = await writeTinyModel(await freshFolder(), { data });
    const { size } = await stat(path);
    for (const bytes of [size - 1, size >> 1, 40, 1, 0]) {
      await truncate(path, bytes);
      assert.match(complaint(path), /is not an ONNX model, or is cut short/, `${bytes} bytes`);
    }
  }
  const page = join(await freshFolder(), 'page.onnx');
  await writeFile(page, '<!doctype html><title>404</title>');
  assert.match(complaint(page), /is not an ONNX model/);
});

test('the outline names each range of external data', async () => {
  const path = await writeTinyModel(await freshFolder());
  const { whole, external } = readOnnxOutline(path);
  const { size } = await stat(`${path}.data`);
  assert.equal(whole, true);
  assert.ok(external.length > 1);
  assert.ok(external.every(({ location }) => location === 'wav2arkit_cpu.onnx.data'));
  assert.equal(Math.max(...external.map(({ endByte }) => endByte)), size);
});

test('what a library says on failing becomes one line of bounded length', () => {
  assert.equal(oneLine(' a\n  b\t c\n'), 'a b c');
  assert.equal(oneLine('x'.repeat(1000)).length, 400);
});
