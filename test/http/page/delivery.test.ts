import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type RunningApp, runApp } from '../../support/client.ts';

let running: RunningApp;

before(async () => {
  running = await runApp();
});

after(() => running.app.close());

/** An answer with its body as it came over the wire: fetch would unpack it. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(running.http + path, { headers, method }, resolve).on('error', reject);
  const answer = await promise;
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) };
}

/** The address of a chunk of the page's script. */
async function chunkPath(): Promise<string> {
  const html = (await ask('/')).body.toString();
  const chunk = /<link rel="modulepreload" href="\.(\/chunks\/[\w-]+\.js)"/.exec(html)?.[1];
  assert.ok(chunk !== undefined, html);
  return chunk;
}

test('scripts, styles and HTML go out as the client reads them best, and always hold the same', async () => {
  for (const path of ['/', '/main.js', '/style.css', '/client/src/chat.js', await chunkPath()]) {
    const plain = await ask(path);
    assert.equal(plain.status, 200, path);
    assert.equal(plain.headers['content-encoding'], undefined);
    const brotli = await ask(path, { 'accept-encoding': 'gzip, br' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
    const gzip = await ask(path, { 'accept-encoding': 'gzip' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(gzip.body), plain.body);
    assert.ok(brotli.body.length < gzip.body.length && gzip.body.length < plain.body.length, path);
    const answers = [plain, brotli, gzip];
    for (const { headers } of answers) assert.equal(headers.vary, 'Accept-Encoding');
    assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, 3, 'each has a tag of its own');
  }
});

test('what is tiny goes out as it is', async () => {
  const { headers, body } = await ask('/embed.js', { 'accept-encoding': 'br' });
  assert.ok(body.length < 1024);
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers.vary, undefined);
});

test('answers of the API are never compressed: they may hold what somebody else must not guess', async () => {
  for (const path of ['/health', '/openapi.json', '/metrics']) {
    const { headers } = await ask(path, { 'accept-encoding': 'br, gzip' });
    assert.equal(headers['content-encoding'], undefined, path);
  }
});

test('who has a file is told so, in the coding that it has', async () => {
  for (const accepted of ['identity', 'gzip', 'br']) {
    const first = await ask('/main.js', { 'accept-encoding': accepted });
    const tag = String(first.headers.etag);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await ask('/main.js', { 'accept-encoding': accepted, 'if-none-match': known });
      assert.equal(again.status, 304, known);
      assert.equal(again.body.length, 0);
      assert.equal(again.headers.etag, tag);
      assert.equal(again.headers['cache-control'], 'public, no-cache');
    }
    const other = await ask('/main.js', { 'accept-encoding': accepted, 'if-none-match': '"other"' });
    assert.equal(other.status, 200);
  }
});

test('chunks are named after what they hold and kept for good; entries are asked for again', async () => {
  const chunk = await chunkPath();
  const { headers } = await ask(chunk);
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
  for (const path of ['/', '/main.js', '/embed.js', '/embed/avatar-chat.js', '/client/src/index.js'])
    assert.equal((await ask(path)).headers['cache-control'], 'public, no-cache', path);
});

test('HEAD tells the same without a body', async () => {
  const whole = await ask('/main.js', { 'accept-encoding': 'br' });
  const head = await ask('/main.js', { 'accept-encoding': 'br' }, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], String(whole.body.length));
  assert.equal(head.headers.etag, whole.headers.etag);
});

test('pages of any origin may use the scripts, also where the API answers some only', async () => {
  const { app, http } = await runApp({
    AUTH_ENABLED: 'true',
    AUTH_ALLOWED_ORIGINS: 'https://page.example',
  });
  for (const path of ['/embed.js', '/embed/avatar-chat.js', '/client/src/index.js', '/face/face.css']) {
    const { headers } = await fetch(http + path, { headers: { origin: 'https://other.example' } });
    assert.equal(headers.get('access-control-allow-origin'), '*', path);
    assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin', path);
  }
  const api = await fetch(`${http}/health`, { headers: { origin: 'https://other.example' } });
  assert.equal(api.headers.get('access-control-allow-origin'), null);
  await app.close();
});

test('the page may run its own files alone, talk to its own server alone, and use microphone and camera', async () => {
  const { headers } = await ask('/');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.match(policy, /connect-src 'self';/);
  assert.match(policy, /frame-ancestors 'self'/);
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.match(
    String(headers['permissions-policy']),
    /microphone=\(self\), camera=\(self\).*geolocation=\(\)/,
  );
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('neither sources nor what else lies in the folder is served', async () => {
  for (const path of [
    '/main.ts',
    '/tsconfig.json',
    '/css.d.ts',
    '/main.js.br',
    '/chunks/',
    '/face/',
    '/embed',
  ])
    assert.equal((await ask(path)).status, 404, path);
});
