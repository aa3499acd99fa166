import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { HTTP_TIMEOUTS } from '../../src/http/server.ts';
import { clockedHouse } from '../support/clocked-house.ts';
import { frame, handshake, RawSocket } from '../support/raw-socket.ts';
import { countingPcm, speak } from '../support/session.ts';

const STALLED_MS = 500;

const { agent, sessions, clock, serve } = clockedHouse(1000);
let port: number;

before(async () => {
  port = await serve({ headersMs: 300, requestMs: 600, stalledMs: STALLED_MS, checkMs: 50 });
});

/** Writes a text a byte at a time until the other side has had enough. */
async function trickle(raw: RawSocket, text: string, everyMs: number): Promise<void> {
  for (const byte of text) {
    if (raw.ended) return;
    raw.write(byte);
    await delay(everyMs);
  }
}

test('the server’s own patience is 10 s for headers, 30 s for a request and 60 s for an answer to be read', () => {
  assert.deepEqual(HTTP_TIMEOUTS, {
    headersMs: 10_000,
    requestMs: 30_000,
    stalledMs: 60_000,
    checkMs: 1000,
  });
});

for (const [what, bytes] of [
  ['sends nothing', ''],
  ['sends half a request line', 'GET /hea'],
  ['sends half a handshake', handshake().slice(0, 80)],
] as const) {
  test(`who connects and ${what} is dropped`, async () => {
    const raw = await RawSocket.open(port);
    raw.write(bytes);
    await delay(200);
    assert.equal(raw.ended, false, 'not at once');
    assert.ok(await raw.until(() => raw.ended, 2000));
  });
}

test('headers that come a byte at a time are dropped, too: every byte is no new beginning', async () => {
  const raw = await RawSocket.open(port);
  const startedAt = performance.now();
  await trickle(raw, `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(500)}`, 10);
  assert.ok(await raw.until(() => raw.ended));
  assert.ok(performance.now() - startedAt < 2000);
});

test('a body that comes a byte at a time is dropped', async () => {
  const raw = await RawSocket.open(port);
  raw.write(
    'POST /api/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n',
  );
  await trickle(raw, 'x'.repeat(500), 10);
  assert.ok(await raw.until(() => raw.ended));
});

/** More than the kernel keeps for a reader that stops. */
const LARGE = 'GET /redoc/redoc.standalone.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(15);
const LARGE_BYTES = 15_000_000;

test('an answer that nobody reads is not held for ever', async () => {
  const raw = await RawSocket.open(port);
  let bytes = 0;
  raw.socket.removeAllListeners('data').on('data', (data) => {
    bytes += data.byteLength;
  });
  raw.socket.pause();
  raw.write(LARGE);
  await delay(3 * STALLED_MS);
  raw.socket.resume();
  assert.ok(await raw.until(() => raw.ended));
  assert.ok(bytes < LARGE_BYTES, `${bytes} bytes were kept for it`);
});

test('an answer that is read slowly comes whole, however long it takes', async () => {
  const raw = await RawSocket.open(port);
  let bytes = 0;
  raw.socket.removeAllListeners('data').on('data', (data) => {
    bytes += data.byteLength;
  });
  raw.write(LARGE);
  for (let pause = 0; pause < 6; pause += 1) {
    raw.socket.pause();
    await delay(STALLED_MS / 3);
    raw.socket.resume();
    await delay(10);
  }
  await raw.until(() => bytes >= LARGE_BYTES || raw.ended);
  assert.ok(bytes >= LARGE_BYTES, `${bytes} bytes`);
  raw.destroy();
});

test('a conversation in which nothing is said is no answer that nobody reads', async () => {
  const raw = await RawSocket.upgraded(port);
  await delay(2 * STALLED_MS);
  assert.equal(raw.ended, false);
  raw.destroy();
  await raw.until(() => sessions.count === 0);
});

test('300 sockets that ask for nothing: newcomers are let in, and the slowest go', async () => {
  const silent = await Promise.all(Array.from({ length: 150 }, () => RawSocket.open(port)));
  await clock.advance(2000); // they are old now, as the server sees it
  const more = await Promise.all(Array.from({ length: 150 }, () => RawSocket.open(port)));
  assert.ok(await silent[0]?.until(() => silent.filter(({ ended }) => ended).length >= 150, 5000));
  const honest = await RawSocket.open(port);
  honest.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.ok(await honest.until(() => honest.status === 200));
  for (const raw of [...silent, ...more, honest]) raw.destroy();
});

test('half a frame is no answer to a ping: closed after ping and pong, with 4408', async () => {
  const raw = await RawSocket.upgraded(port);
  raw.write(frame({ payload: 'x'.repeat(500) }).subarray(0, 100));
  await delay(20);
  await clock.advance(21_000);
  assert.ok(await raw.until(() => raw.closeCode !== undefined));
  assert.equal(raw.closeCode, 4408);
  await clock.advance(2000); // it does not answer our close either
  assert.ok(await raw.until(() => raw.ended));
  await raw.until(() => sessions.count === 0);
  assert.equal(sessions.count, 0);
});

test('a reader that stops in the middle of an answer is held, then closed with 4408, and leaves nothing', async () => {
  const raw = await RawSocket.upgraded(port);
  await clock.advance(0);
  const voice = agent.sessions.at(-1);
  assert.ok(voice);
  speak(voice, 'a', countingPcm(24_000 * 60), 24_000);
  for (let ms = 0; ms < 1000; ms += 100) {
    await clock.advance(100);
    await delay(2);
    raw.write(frame({ opcode: 10, payload: '1' })); // the first ping's pong, again and again
  }
  const frames = () => raw.messages.filter(({ type }) => type === 'sync_frame').length;
  raw.socket.pause();
  await clock.advance(5000);
  raw.socket.resume();
  await delay(50);
  const seen = frames();
  assert.ok(seen > 12 && seen < 80, `${seen} frames: it is held a second after the pong that is missing`);
  raw.socket.pause();
  await clock.advance(6000);
  await clock.advance(2500);
  await once(raw.socket.resume(), 'end');
  assert.equal(raw.closeCode, 4408);
  assert.equal(frames(), seen, 'nothing more was sent');
  await raw.until(() => sessions.count === 0);
  assert.equal(sessions.count, 0);
  assert.equal(sessions.speaking, 0);
});
