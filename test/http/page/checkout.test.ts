import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type FastifyInstance, fastify } from 'fastify';
import { servePage } from '../../../src/http/page.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let checkout: string;
let server: FastifyInstance;

before(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'checkout-test-'));
  await cp(join(root, 'web'), join(checkout, 'web'), { recursive: true });
  await cp(join(root, 'client', 'src'), join(checkout, 'client', 'src'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  server = fastify();
  await servePage(server, join(checkout, 'web'));
});

after(async () => {
  await server.close();
  await rm(checkout, { recursive: true });
});

const source = (file: string) => join(checkout, 'web', file);
const get = (path: string) => server.inject({ url: path });

test('a script is made again when a source has changed, and not before', async () => {
  const first = await get('/widget.js');
  assert.equal(first.statusCode, 200);
  assert.equal((await get('/widget.js')).headers.etag, first.headers.etag);
  await appendFile(source('widget.ts'), "document.title = 'changed-in-test';\n");
  const changed = await get('/widget.js');
  assert.notEqual(changed.headers.etag, first.headers.etag);
  assert.match(changed.body, /changed-in-test/);
});

test('so are HTML, styles, and the client library on its own', async () => {
  await appendFile(source('widget.css'), '.changed-in-test { color: red }\n');
  assert.match((await get('/widget.css')).body, /changed-in-test/);
  await writeFile(source('widget.html'), '<!doctype html><title>changed-in-test</title>\n');
  assert.match((await get('/widget')).body, /changed-in-test/);
  const library = join(checkout, 'client', 'src', 'index.ts');
  assert.doesNotMatch((await get('/client/src/index.js')).body, /changed_in_test/);
  await appendFile(library, 'export const changed_in_test = 1;\n');
  assert.match((await get('/client/src/index.js')).body, /changed_in_test/);
});

test('a mistake in a source is told in the bundler’s words, and forgotten when it is mended', async () => {
  await rename(source('widget.ts'), source('kept'));
  await writeFile(source('widget.ts'), 'const broken = ;\n');
  for (const path of ['/', '/main.js', '/style.css']) {
    const answer = await get(path);
    assert.equal(answer.statusCode, 500, path);
    assert.match(answer.headers['content-type'] as string, /text\/plain/);
    assert.match(answer.body, /Unexpected ";"[\s\S]*widget\.ts:1:15/);
  }
  await rename(source('kept'), source('widget.ts'));
  assert.equal((await get('/main.js')).statusCode, 200);
});

test('an import of what is not there is told as well', async () => {
  await writeFile(source('main.ts'), "import './no-such-module.js';\n");
  const answer = await get('/main.js');
  assert.equal(answer.statusCode, 500);
  assert.match(answer.body, /Could not resolve ".\/no-such-module.js"/);
});

test('many who come at once wait for one bundle', async () => {
  await writeFile(source('main.ts'), 'document.title = String(1 + 1);\n');
  const answers = await Promise.all(Array.from({ length: 20 }, () => get('/main.js')));
  assert.deepEqual([...new Set(answers.map(({ statusCode }) => statusCode))], [200]);
  assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, 1);
});
