import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { makeCertificate, noOpenssl } from '../support/certificates.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';

/** The example for nginx as it is, with this machine's addresses: two nodes, TLS, one conversation after the other. */
const example = fileURLToPath(new URL('../../deploy/nginx/avatar-chat-server.conf', import.meta.url));
const skip = spawnSync('nginx', ['-v']).error === undefined ? noOpenssl : 'nginx is not installed';

const folder = mkdtempSync(join(tmpdir(), 'behind-nginx-'));
let nodes: readonly [RunningApp, RunningApp];
let nginx: ChildProcess | undefined;
let port: number;
let ca: Buffer;

before(async () => {
  if (skip !== false) return;
  nodes = [await runApp(), await runApp()];
  const plainPort = await freePort();
  port = await freePort();
  const { certFile, keyFile } = makeCertificate(folder, 'proxy');
  ca = readFileSync(certFile);
  const included = readFileSync(example, 'utf8')
    .replace('10.0.0.11:8080', `127.0.0.1:${nodes[0].port}`)
    .replace('10.0.0.12:8080', `127.0.0.1:${nodes[1].port}`)
    .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace(/listen \[::\].*\n/g, '')
    .replaceAll('avatar.example.com', 'localhost')
    .replace('/etc/letsencrypt/live/localhost/fullchain.pem', certFile)
    .replace('/etc/letsencrypt/live/localhost/privkey.pem', keyFile)
    .replaceAll('/var/log/nginx/', `${folder}/`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/errors; events {} http { ${temporary} ${included} }`,
  );
  nginx = spawn('nginx', ['-e', join(folder, 'errors'), '-c', join(folder, 'nginx.conf')], {
    stdio: 'inherit',
  });
  await eventually('nginx listens', () => existsSync(join(folder, 'pid')));
});

after(async () => {
  if (skip === false) {
    if (nginx?.kill('SIGTERM')) await once(nginx, 'exit');
    await Promise.all(nodes.map(({ app }) => app.close()));
  }
  rmSync(folder, { recursive: true });
});

/** The status of a GET over TLS. */
async function status(path: string): Promise<number | undefined> {
  const asked = request({ host: 'localhost', port, path, ca }).end();
  const [response] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

/** Asks something, and resolves when the answer is heard. */
async function converse(): Promise<void> {
  const socket = new WebSocket(`wss://localhost:${port}/ws?token=sentinel`, { ca });
  const types = new Set<string>();
  socket.on('message', (data) => types.add((JSON.parse(String(data)) as { type: string }).type));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'text', data: 'thank you' }));
  await eventually('it speaks', () => types.has('sync_frame'));
  socket.close();
  await once(socket, 'close');
}

test('a conversation goes through nginx with TLS, and /metrics does not', { skip }, async () => {
  await converse();
  assert.equal(await status('/metrics'), 404);
});

test('a node that is down costs a newcomer nothing', { skip }, async () => {
  await nodes[0].app.close();
  for (let visit = 0; visit < 4; visit += 1) await converse();
});

test('no token of the query is in the log', { skip }, async () => {
  const read = () => readFileSync(join(folder, 'avatar-chat-server.log'), 'utf8');
  await eventually('the log has a conversation', () => read().includes('GET /ws'));
  const log = read();
  assert.doesNotMatch(log, /sentinel/);
});
