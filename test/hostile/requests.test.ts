import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handshake, RawSocket } from '../support/raw-socket.ts';
import { underAttack } from '../support/witness.ts';

/** A row: what is sent on a fresh connection, and the status it must get; 'hangs up': none. */
interface HostileRequest {
  readonly what: string;
  readonly send: string | Buffer;
  readonly expect: number | 'hangs up';
}

const KIB = 1024;

function get(target: string, headers = ''): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`;
}

function post(headers: string, body = ''): string {
  return `POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n${body}`;
}

/** Requests that are no handshake. */
const REQUESTS: readonly HostileRequest[] = [
  { what: 'a path out of the page’s folder', send: get('/../package.json'), expect: 404 },
  { what: 'the same, escaped', send: get('/%2e%2e/package.json'), expect: 404 },
  { what: 'the same, escaped twice', send: get('/%252e%252e/package.json'), expect: 404 },
  { what: 'the same with an escaped slash', send: get('/..%2fpackage.json'), expect: 404 },
  { what: 'the same with backslashes', send: get('/..\\..\\package.json'), expect: 404 },
  { what: 'the same far up', send: get(`/${'../'.repeat(20)}etc/passwd`), expect: 404 },
  { what: 'a hidden file', send: get('/.env'), expect: 404 },
  { what: 'a script whose name is a path', send: get('/..%2f..%2fsrc%2fmain.js'), expect: 404 },
  { what: 'a script that is not there', send: get('/no-such.js'), expect: 404 },
  { what: 'a NUL in the path', send: get('/index.html%00.js'), expect: 404 },
  { what: 'an escape that is none', send: get('/%zz'), expect: 400 },
  { what: 'UTF-8 that is none, escaped', send: get('/%ff%fe'), expect: 400 },
  { what: 'an absolute address of somewhere else', send: get('http://evil.example/'), expect: 404 },
  { what: 'an asterisk', send: get('*'), expect: 404 },
  {
    what: 'OPTIONS of an asterisk',
    send: 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    expect: 400,
  },
  {
    what: 'CONNECT',
    send: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    expect: 'hangs up',
  },
  { what: 'TRACE', send: 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', expect: 404 },
  {
    what: 'DELETE of the page',
    send: 'DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    expect: 404,
  },
  { what: 'a method that is none', send: 'HACK / HTTP/1.1\r\nHost: x\r\n\r\n', expect: 400 },
  { what: 'HEAD of the page', send: 'HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', expect: 200 },
  {
    what: 'HEAD of health',
    send: 'HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    expect: 200,
  },
  { what: 'no Host', send: 'GET / HTTP/1.1\r\n\r\n', expect: 400 },
  { what: 'HTTP 0.9', send: 'GET /\r\n\r\n', expect: 200 },
  { what: 'HTTP 3.0', send: 'GET / HTTP/3.0\r\nHost: x\r\n\r\n', expect: 400 },
  { what: 'headers of more than 16 KiB', send: get('/', `X: ${'x'.repeat(17 * KIB)}\r\n`), expect: 431 },
  { what: 'an address of more than 16 KiB', send: get(`/${'x'.repeat(17 * KIB)}`), expect: 431 },
  { what: '2,000 headers', send: get('/', 'A: 1\r\n'.repeat(2000)), expect: 431 },
  { what: 'a header without a colon', send: get('/', 'Nonsense\r\n'), expect: 400 },
  { what: 'a header name with a space', send: get('/', 'Bad Name: x\r\n'), expect: 400 },
  { what: 'a folded header', send: get('/', 'X: a\r\n b\r\n'), expect: 400 },
  { what: 'a NUL in a header', send: get('/', 'X: a\0b\r\n'), expect: 400 },
  { what: 'a lone CR in a header', send: get('/', 'X: a\rb\r\n'), expect: 400 },
  {
    what: 'a line of its own in Origin',
    send: get('/', 'Origin: http://a\r\nSet-Cookie: x=1\r\n'),
    expect: 200,
  },
  {
    what: 'two lengths that differ',
    send: post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello'),
    expect: 400,
  },
  {
    what: 'a length and chunks',
    send: post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    expect: 400,
  },
  {
    what: 'chunked, and again',
    send: post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
    expect: 400,
  },
  { what: 'a length below zero', send: post('Content-Length: -1\r\n'), expect: 400 },
  { what: 'a length that is no number', send: post('Content-Length: 1e3\r\n'), expect: 400 },
  { what: 'a length beyond all bounds', send: post(`Content-Length: ${'9'.repeat(30)}\r\n`), expect: 400 },
  { what: 'a chunk size that is none', send: post('Transfer-Encoding: chunked\r\n', 'zz\r\n'), expect: 400 },
  {
    what: 'a body of 17 KiB',
    send: post(`Content-Type: application/json\r\nContent-Length: ${17 * KIB}\r\n`, 'x'.repeat(17 * KIB)),
    expect: 413,
  },
  {
    what: 'a body of 1 GiB that is only announced',
    send: post(`Content-Type: text/plain\r\nContent-Length: ${KIB * KIB * KIB}\r\n`),
    expect: 413,
  },
  {
    what: 'a request hidden in the body of another',
    send: post(
      'Content-Type: text/plain\r\nContent-Length: 4\r\n',
      'GET /health HTTP/1.1\r\nHost: x\r\n\r\n',
    ),
    expect: 400,
  },
  { what: 'a TLS hello on the plain port', send: Buffer.from('160301020001000100', 'hex'), expect: 400 },
  { what: 'an HTTP/2 preface', send: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', expect: 400 },
  { what: 'zeros', send: Buffer.alloc(KIB), expect: 400 },
  { what: 'ones', send: Buffer.alloc(KIB, 0xff), expect: 400 },
];

/** Handshakes that are none, or not here. */
const HANDSHAKES: readonly HostileRequest[] = [
  { what: 'an upgrade on another path', send: handshake({}, 'GET /other HTTP/1.1'), expect: 404 },
  { what: 'an upgrade of the page', send: handshake({}, 'GET / HTTP/1.1'), expect: 404 },
  { what: 'an upgrade on /ws/', send: handshake({}, 'GET /ws/ HTTP/1.1'), expect: 404 },
  { what: 'an upgrade on /WS', send: handshake({}, 'GET /WS HTTP/1.1'), expect: 404 },
  { what: 'an upgrade on /ws, escaped', send: handshake({}, 'GET /%77s HTTP/1.1'), expect: 404 },
  { what: 'an upgrade on //ws', send: handshake({}, 'GET //ws HTTP/1.1'), expect: 404 },
  { what: 'an upgrade of an absolute address', send: handshake({}, 'GET http://x/ws HTTP/1.1'), expect: 404 },
  { what: 'an upgrade on /ws#x', send: handshake({}, 'GET /ws#x HTTP/1.1'), expect: 404 },
  { what: 'version 8', send: handshake({ 'Sec-WebSocket-Version': '8' }), expect: 426 },
  { what: 'version 12', send: handshake({ 'Sec-WebSocket-Version': '12' }), expect: 426 },
  { what: 'two versions', send: handshake({ 'Sec-WebSocket-Version': '13, 8' }), expect: 426 },
  { what: 'no version', send: handshake({ 'Sec-WebSocket-Version': undefined }), expect: 426 },
  { what: 'no key', send: handshake({ 'Sec-WebSocket-Key': undefined }), expect: 400 },
  { what: 'a key too short', send: handshake({ 'Sec-WebSocket-Key': 'c2hvcnQ=' }), expect: 400 },
  { what: 'a key that is no base64', send: handshake({ 'Sec-WebSocket-Key': '!'.repeat(24) }), expect: 400 },
  { what: 'a POST', send: handshake({}, 'POST /ws HTTP/1.1'), expect: 405 },
  {
    what: 'an upgrade to h2c',
    send: handshake({ Upgrade: 'h2c', Connection: 'Upgrade, close' }),
    expect: 426,
  },
  {
    what: 'health, and h2c if it can be had',
    send: handshake({ Upgrade: 'h2c', Connection: 'Upgrade, close' }, 'GET /health HTTP/1.1'),
    expect: 200,
  },
  {
    what: 'a token, and h2c if it can be had',
    send: handshake({ Upgrade: 'h2c', Connection: 'Upgrade, close' }, 'POST /api/auth/token HTTP/1.1'),
    expect: 403,
  },
  { what: 'an upgrade to WEBSOCKET', send: handshake({ Upgrade: 'WEBSOCKET' }), expect: 101 },
  {
    what: 'an upgrade to one of two',
    send: handshake({ Upgrade: 'websocket, h2c', Connection: 'Upgrade, close' }),
    expect: 426,
  },
  { what: 'a protocol that is no token', send: handshake({ 'Sec-WebSocket-Protocol': 'a b' }), expect: 400 },
  { what: 'a protocol twice', send: handshake({ 'Sec-WebSocket-Protocol': 'a, a' }), expect: 400 },
  { what: 'a protocol that is not ours', send: handshake({ 'Sec-WebSocket-Protocol': 'chat' }), expect: 101 },
  { what: 'extensions that are none', send: handshake({ 'Sec-WebSocket-Extensions': ';;=,' }), expect: 101 },
  {
    what: 'compression asked for (and not given)',
    send: handshake({ 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=8' }),
    expect: 101,
  },
  { what: 'an Origin of 8 KiB', send: handshake({ Origin: `http://${'x'.repeat(8 * KIB)}` }), expect: 101 },
  {
    what: 'a query of 8 KiB',
    send: handshake({}, `GET /ws?token=${'x'.repeat(8 * KIB)} HTTP/1.1`),
    expect: 101,
  },
  {
    what: 'a query that cannot be decoded',
    send: handshake({}, 'GET /ws?token=%zz%ff&&&=&token HTTP/1.1'),
    expect: 101,
  },
  { what: 'HTTP/1.0', send: handshake({}, 'GET /ws HTTP/1.0'), expect: 101 },
  { what: 'no Upgrade', send: handshake({ Upgrade: undefined, Connection: 'close' }), expect: 426 },
];

const attacked = underAttack();

for (const { what, send, expect } of [...REQUESTS, ...HANDSHAKES]) {
  test(`${what}: ${expect}`, async () => {
    const raw = await RawSocket.open(attacked.port);
    raw.write(send);
    await raw.until(() => raw.status !== undefined || raw.ended);
    assert.equal(raw.status ?? 'hangs up', expect, raw.text.slice(0, 300));
    if (expect !== 101) assert.ok(await raw.until(() => raw.ended), 'the connection ends');
    assert.doesNotMatch(raw.text, /Set-Cookie|root:|"name": "avatar-chat-server"|node_modules/);
    raw.destroy();
    attacked.unnoticed(what);
  });
}

test('a wrong version is told the right one', async () => {
  const raw = await RawSocket.open(attacked.port);
  raw.write(handshake({ 'Sec-WebSocket-Version': '7' }));
  await raw.until(() => raw.ended);
  assert.match(raw.text, /\r\nSec-WebSocket-Version: 13\r\n/);
});

test('compression is never agreed on', async () => {
  const raw = await RawSocket.open(attacked.port);
  raw.write(handshake({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }));
  await raw.until(() => raw.status === 101);
  assert.doesNotMatch(raw.text, /Extensions/i);
  raw.destroy();
});

test('300 handshakes that are reset in the middle leave nothing', async () => {
  for (let round = 0; round < 300; round += 1) {
    const raw = await RawSocket.open(attacked.port);
    raw.write(handshake().slice(0, 20 + (round % 150)));
    if (round % 2 === 0) raw.socket.resetAndDestroy();
    else raw.destroy();
  }
  attacked.unnoticed('resets');
  const last = await RawSocket.open(attacked.port);
  assert.ok(await last.until(() => attacked.app().sessions === 1));
  last.destroy();
});
