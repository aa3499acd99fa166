import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { type RunningApp, runApp, TestClient } from '../support/client.ts';

let running: RunningApp;

before(async () => {
  running = await runApp({ MAX_SESSIONS: '5' }, { agent: new ScriptedAgent() });
});

after(() => running.app.close());

/** Sends raw bytes and resolves with the answer's first line. */
async function raw(request: string): Promise<string> {
  const socket = connect(running.port, '127.0.0.1');
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString('latin1').split('\r\n')[0] ?? '';
}

const UPGRADE =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

test('health says that it can speak, with which agent and which face', async () => {
  const response = await fetch(`${running.http}/health`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    status: 'healthy',
    agent: 'scripted',
    agent_sees: true,
    face: 'loudness',
  });
});

test('inf and info say what is running', async () => {
  for (const path of ['/inf', '/info']) {
    const info = (await (await fetch(running.http + path)).json()) as Record<string, string>;
    assert.equal(info['name'], 'Avatar Chat Server');
    assert.equal(info['status'], 'running');
    assert.match(info['version'] ?? '', /^\d+\.\d+\.\d+$/);
    assert.equal(info['websocket'], undefined, 'only with DEBUG');
  }
});

test('with DEBUG, info tells the WebSocket’s address and the agent', async () => {
  const { app, http, port } = await runApp({ DEBUG: 'true' }, { agent: new ScriptedAgent() });
  const info = (await (await fetch(`${http}/info`)).json()) as Record<string, string>;
  assert.equal(info['websocket'], `ws://127.0.0.1:${port}/ws`);
  assert.equal(info['agent_type'], 'scripted');
  await app.close();
});

test('the page and its scripts are served, the scripts without types', async () => {
  const page = await fetch(`${running.http}/`);
  assert.match(page.headers.get('content-type') ?? '', /text\/html/);
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'/);
  const script = await fetch(`${running.http}/main.js`);
  assert.match(script.headers.get('content-type') ?? '', /text\/javascript/);
  assert.equal((await fetch(`${running.http}/nothing.js`)).status, 404);
});

test('nothing outside the page’s folder is served', async () => {
  for (const path of ['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '//etc/passwd']) {
    assert.match(await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`), / (400|403|404) /);
  }
});

test('the token endpoint says that authentication is off, also across origins', async () => {
  const headers = { origin: 'https://page.example', 'content-type': 'application/json' };
  const response = await fetch(`${running.http}/api/auth/token`, { method: 'POST', headers });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://page.example');
  const preflight = await fetch(`${running.http}/api/auth/token`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  assert.equal(preflight.status, 204);
});

test('only /ws speaks WebSocket', async () => {
  assert.match(await raw(`GET /other HTTP/1.1\r\n${UPGRADE}Sec-WebSocket-Version: 13\r\n\r\n`), / 404 /);
  assert.match(await raw(`GET /ws?token=x HTTP/1.1\r\n${UPGRADE}Sec-WebSocket-Version: 13\r\n\r\n`), / 101 /);
  assert.match(await raw(`GET /ws HTTP/1.1\r\n${UPGRADE}Sec-WebSocket-Version: 1\r\n\r\n`), / 4\d\d /);
});

test('a message of a megabyte is answered; beyond that the socket closes with 1009, and others do not notice', async () => {
  const bystander = await TestClient.connect(running.ws);
  const client = await TestClient.connect(running.ws);
  client.socket.send('x'.repeat(1024 * 1024));
  await client.until(() => client.of('error').length === 1);
  assert.equal(client.of('error')[0]?.['code'], 'message_too_large');
  const closed = client.closed();
  client.socket.send('x'.repeat(1024 * 1024 + 1));
  assert.equal(await closed, 1009);
  bystander.send({ type: 'ping' });
  await bystander.until(() => bystander.of('pong').length === 1);
  await bystander.close();
});

test('over MAX_SESSIONS a socket is accepted, told why, and closed with 1013', async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => TestClient.connect(running.ws)));
  const refused = await TestClient.connect(running.ws);
  const code = await refused.closed();
  assert.equal(code, 1013);
  assert.equal(refused.of('error')[0]?.['code'], 'too_many_sessions');
  await Promise.all(clients.map((client) => client.close()));
});

test('a socket that is reset in the middle of the handshake harms nobody', async () => {
  const socket = connect(running.port, '127.0.0.1');
  socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgr');
  await once(socket, 'connect');
  socket.resetAndDestroy();
  assert.equal((await fetch(`${running.http}/health`)).status, 200);
});

test('a client that asks for another path and then stays is hung up on', async () => {
  const { app, port } = await runApp({}, { agent: new ScriptedAgent() });
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(`GET /other HTTP/1.1\r\n${UPGRADE}Sec-WebSocket-Version: 13\r\n\r\n`);
  await once(socket, 'data');
  await app.close(); // which waits for every socket
  socket.destroy();
});
