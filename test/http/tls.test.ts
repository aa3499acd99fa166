import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { makeCertificate, noOpenssl, temporaryFolder } from '../support/certificates.ts';
import { runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';

/** A server with a certificate of its own. */
async function secureApp(context: TestContext, environment: Readonly<Record<string, string>> = {}) {
  const { certFile, keyFile } = makeCertificate(temporaryFolder(context), 'server');
  const settings = { USE_SSL: 'true', SSL_CERT_FILE: certFile, SSL_KEY_FILE: keyFile, ...environment };
  const { app, port } = await runApp(settings, { agent: new ScriptedAgent() });
  context.after(() => app.close());
  return { port, ca: readFileSync(certFile) };
}

async function get(port: number, ca: Buffer, path: string) {
  const asked = request({ port, host: '127.0.0.1', path, ca });
  asked.end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return answer as { statusCode: number; headers: Record<string, string | undefined> };
}

test('with USE_SSL the page is https and the socket is wss, on one port', {
  skip: noOpenssl,
}, async (context) => {
  const { port, ca } = await secureApp(context);
  const health = await get(port, ca, '/health');
  assert.equal(health.statusCode, 200);
  assert.equal(health.headers['strict-transport-security'], undefined);
  const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { ca });
  const [data] = await once(socket, 'message');
  assert.equal(JSON.parse(String(data)).type, 'config');
  socket.close();
  await once(socket, 'close');
});

test('browsers are told to stay with https only where the administrator says so', {
  skip: noOpenssl,
}, async (context) => {
  const { port, ca } = await secureApp(context, { SSL_HSTS_SECONDS: '86400' });
  assert.equal((await get(port, ca, '/')).headers['strict-transport-security'], 'max-age=86400');
});

test('TLS 1.2 is spoken, TLS 1.1 is not', { skip: noOpenssl }, async (context) => {
  const { port, ca } = await secureApp(context);
  const handshake = async (version: 'TLSv1.1' | 'TLSv1.2'): Promise<string> => {
    const socket: TLSSocket = connect({
      port,
      host: '127.0.0.1',
      ca,
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    const connected = once(socket, 'secureConnect');
    const ended = await connected.then(
      () => 'connected',
      (error: NodeJS.ErrnoException) => String(error.code),
    );
    socket.destroy();
    return ended;
  };
  assert.equal(await handshake('TLSv1.2'), 'connected');
  assert.match(await handshake('TLSv1.1'), /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS/);
});

test('plain HTTP and rubbish on the secure port harm nobody', { skip: noOpenssl }, async (context) => {
  const { port, ca } = await secureApp(context);
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    Buffer.alloc(4096, 0x16),
    '\x16\x03\x01\x40\x00',
  ]) {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 200))]);
    socket.destroy();
  }
  assert.equal((await get(port, ca, '/health')).statusCode, 200);
});

test('new files are used for new connections, and the old ones go on', {
  skip: noOpenssl,
}, async (context) => {
  const folder = temporaryFolder(context);
  const files = makeCertificate(folder, 'first');
  const clock = new FakeClock();
  const settings = { USE_SSL: 'true', SSL_CERT_FILE: files.certFile, SSL_KEY_FILE: files.keyFile };
  const { app, port } = await runApp(settings, { agent: new ScriptedAgent(), clock });
  context.after(() => app.close());
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return { socket, name: socket.getPeerCertificate().subject.CN };
  };
  const first = await open();
  assert.equal(first.name, 'first');
  const next = makeCertificate(folder, 'second');
  renameSync(next.certFile, files.certFile);
  renameSync(next.keyFile, files.keyFile);
  await clock.advance(10_000);
  const second = await open();
  assert.equal(second.name, 'second');
  first.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = await once(first.socket, 'data');
  assert.match(String(answer), /200 OK/);
  first.socket.destroy();
  second.socket.destroy();
});

test('a hundred and more conversations over TLS are not taken for sockets that ask for nothing', {
  skip: noOpenssl,
}, async (context) => {
  const { certFile, keyFile } = makeCertificate(temporaryFolder(context), 'server');
  const clock = new FakeClock();
  const settings = { USE_SSL: 'true', SSL_CERT_FILE: certFile, SSL_KEY_FILE: keyFile };
  const { app, port } = await runApp(settings, { agent: new ScriptedAgent(), clock });
  context.after(() => app.close());
  const open = async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { rejectUnauthorized: false });
    await once(socket, 'open');
    return socket;
  };
  const sockets = await Promise.all(Array.from({ length: 110 }, open));
  await clock.advance(2000);
  sockets.push(await open(), await open());
  assert.ok(sockets.every((socket) => socket.readyState === WebSocket.OPEN));
  assert.equal(app.sessions, 112);
  for (const socket of sockets) socket.terminate();
  await eventually('all have gone', () => app.sessions === 0); // closing many takes time, and the clock stands still
});
