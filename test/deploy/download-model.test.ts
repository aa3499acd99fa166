import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../scripts/download-model.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'model-'));

/** A hub that has the graph and, unless asked for /half, the weights; no card. */
let hub: Server;
let address: string;

before(async () => {
  hub = createServer(({ url = '' }, response) => {
    if (url.endsWith('.onnx')) response.end('graph');
    else if (url.endsWith('.onnx.data') && !url.startsWith('/half')) response.end('weights');
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  address = `http://127.0.0.1:${(hub.address() as { port: number }).port}`;
});

after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});

async function download(from: string, to: string): Promise<number> {
  const args = ['--disable-warning=ExperimentalWarning', program, from, to];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit')) as [number];
  return code;
}

test('the model’s two files are there under their own names, with or without a card', async () => {
  const to = join(folder, 'whole');
  assert.equal(await download(`${address}/whole/`, to), 0);
  assert.deepEqual(readdirSync(to).toSorted(), ['wav2arkit_cpu.onnx', 'wav2arkit_cpu.onnx.data']);
  assert.equal(readFileSync(join(to, 'wav2arkit_cpu.onnx.data'), 'utf8'), 'weights');
});

test('a file that cannot be had fails the download', async () => {
  const to = join(folder, 'half');
  assert.notEqual(await download(`${address}/half`, to), 0);
  assert.deepEqual(readdirSync(to), ['wav2arkit_cpu.onnx']);
});
