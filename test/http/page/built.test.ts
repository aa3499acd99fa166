import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { servePage } from '../../../src/http/page.ts';

const SCRIPT = Buffer.from('export const text = "as it was built";\n'.repeat(100));
/** What is recognised when it goes out: packed by nobody else would it hold this. */
const TWIN = brotliCompressSync(Buffer.from('the twin that lay beside it'));

let folder: string;
let server: FastifyInstance;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'built-test-'));
  await mkdir(join(folder, 'web', 'chunks'), { recursive: true });
  await mkdir(join(folder, 'client', 'src'), { recursive: true });
  await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>built</title>');
  await writeFile(join(folder, 'web', 'widget.html'), '<html data-auth="off">');
  await writeFile(join(folder, 'web', 'chunks', 'some-ABC.js'), SCRIPT);
  await writeFile(join(folder, 'web', 'chunks', 'some-ABC.js.br'), TWIN);
  await writeFile(join(folder, 'client', 'src', 'index.js'), 'export {};');
  server = fastify();
  await servePage(server, join(folder, 'web'), join(folder, 'client', 'src'), { wantsToken: true });
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('what was compressed when the package was built goes out as it lies there', async () => {
  const headers = { 'accept-encoding': 'br' };
  const { rawPayload } = await server.inject({ url: '/chunks/some-ABC.js', headers });
  assert.deepEqual(rawPayload, TWIN);
});

test('what was not is compressed, once', async () => {
  const headers = { 'accept-encoding': 'gzip' };
  const { rawPayload, headers: answered } = await server.inject({ url: '/chunks/some-ABC.js', headers });
  assert.equal(answered['content-encoding'], 'gzip');
  assert.ok(rawPayload.length < SCRIPT.length / 5);
});

test('a built page is served from what was read once: the disk is not asked again', async () => {
  assert.equal((await server.inject('/')).statusCode, 200);
  await rm(join(folder, 'web', 'index.html'));
  assert.match((await server.inject('/')).body, /built/);
  assert.equal((await server.inject('/client/src/index.js')).statusCode, 200);
  assert.equal((await server.inject('/chunks/some-ABC.js.br')).statusCode, 404);
});

test('the widget’s page says that a token is wanted, where one is', async () => {
  assert.equal((await server.inject('/widget')).body, '<html data-auth="on">');
});
