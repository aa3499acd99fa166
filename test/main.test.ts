import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestClient } from './support/client.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'src', 'main.js');

before(() => {
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/build.ts'], {
    cwd: root,
  });
});

/** Starts the built server as a process, as an image does; outside the project, so that no .env is found. */
function start(environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [built], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function output(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

/** Resolves with the address the server says it is ready at. */
async function ready(server: ChildProcess): Promise<string> {
  assert.ok(server.stdout);
  for await (const line of createInterface(server.stdout)) {
    const address = /ready: open (http:\/\/[^ "]+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it was ready');
}

test('wrong settings are all listed by name, and the exit code is 78', async () => {
  const server = start({ SERVER_PORT: 'many', OFFLINE_VOICE: 'soprano', AGENT_TYPE: 'sample_openai' });
  const [text, [code]] = await Promise.all([output(server.stderr), once(server, 'exit')]);
  assert.equal(code, 78);
  assert.match(text, /SERVER_PORT: expected a whole number from 0 to 65535/);
  assert.match(text, /OFFLINE_VOICE: expected one of slt, rms, awb, kal, kal16/);
  assert.match(text, /OPENAI_API_KEY: expected a key/);
});

test('an agent that is named without what it needs is a clear error', async () => {
  const server = start({ AGENT_TYPE: 'sample_openai' });
  const [text, [code]] = await Promise.all([output(server.stderr), once(server, 'exit')]);
  assert.equal(code, 78);
  assert.match(text, /OPENAI_API_KEY: expected a key, because AGENT_TYPE is sample_openai/);
});

test('a port that is taken is said in one line, and the exit code is 1', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const server = start({ SERVER_PORT: String(port) });
  const [text, [code]] = await Promise.all([output(server.stdout), once(server, 'exit')]);
  holder.close();
  assert.equal(code, 1);
  assert.match(text, new RegExp(`cannot listen on 127.0.0.1:${port}`));
});

test('the built server speaks, and SIGTERM lets it finish its answer and exit with 0', async () => {
  const server = start({});
  const address = await ready(server);
  server.stdout?.resume();
  assert.equal((await fetch(`${address}/health`)).status, 200);
  const page = await fetch(address, { headers: { 'accept-encoding': 'br' } });
  assert.equal(page.headers.get('content-encoding'), 'br');
  const chunk = /modulepreload" href="\.(\/chunks\/[^"]+)"/.exec(await page.text())?.[1];
  for (const path of ['/main.js', '/client/src/index.js', chunk])
    assert.equal((await fetch(address + path)).status, 200, path);

  const client = await TestClient.connect(`${address.replace('http', 'ws')}/ws`);
  client.send({ type: 'text', data: 'thank you' });
  await client.until(() => client.of('sync_frame').length > 0);
  server.kill('SIGTERM');
  const [code, [exit]] = await Promise.all([client.closed(), once(server, 'exit')]);
  assert.equal(code, 1001);
  assert.equal(exit, 0);
  assert.equal(client.of('audio_end').length, 1);
});

test('nothing of a conversation reaches the log, even with DEBUG', async () => {
  const server = start({ DEBUG: 'true', ASSISTANT_INSTRUCTIONS: 'sentinel-instructions' });
  const address = await ready(server);
  const log = output(server.stdout);
  const client = await TestClient.connect(`${address.replace('http', 'ws')}/ws?token=sentinel-token`);
  client.send({ type: 'text', data: 'thank you sentinel-question' });
  client.send({ type: 'sentinel-type' });
  client.socket.send('{"sentinel-junk');
  client.socket.send('sentinel in plain words');
  await client.until(() => client.of('audio_end').length === 1);
  await client.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  assert.doesNotMatch(await log, /sentinel|welcome/);
});
