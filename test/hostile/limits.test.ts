import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { clockedHouse } from '../support/clocked-house.ts';
import { frame, RawSocket } from '../support/raw-socket.ts';

const MIB = 1024 * 1024;
const PER_ADDRESS = 4;
const PER_ORIGIN = 2;
const A = { Origin: 'https://a.example' };

const { sessions, clock, serve } = clockedHouse(1000, {
  headcount: { all: 1000, perOrigin: PER_ORIGIN, perAddress: PER_ADDRESS },
  idleMs: 90_000,
  maxAgeMs: 200_000,
});
let port: number;

before(async () => {
  port = await serve();
});

/** All of a test's sockets go, and with them their sessions. */
async function leave(...sockets: RawSocket[]): Promise<void> {
  for (const raw of sockets) raw.destroy();
  const [raw] = sockets;
  assert.ok(await raw?.until(() => sessions.count === 0));
}

/** Answers the server's pings, as a browser does, while time goes on. */
async function stay(raw: RawSocket, ms: number, say?: string): Promise<void> {
  for (let passed = 0; passed < ms && raw.closeCode === undefined; passed += 5000) {
    const pings = raw.pings;
    for (const name of pings) raw.write(frame({ opcode: 10, payload: name }));
    if (say !== undefined) raw.write(frame({ payload: say }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(5000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('one socket too many of an address, or of an origin, is told so and closed with 1013', async () => {
  const first = await RawSocket.upgraded(port, A);
  const second = await RawSocket.upgraded(port, A);
  const third = await RawSocket.upgraded(port, A);
  assert.equal(third.messages[0]?.code, 'too_many_of_origin');
  assert.ok(await third.until(() => third.closeCode === 1013));
  const others = [await RawSocket.upgraded(port), await RawSocket.upgraded(port)];
  const last = await RawSocket.upgraded(port);
  assert.equal(last.messages[0]?.code, 'too_many_of_address');
  assert.ok(await last.until(() => last.closeCode === 1013));
  assert.equal(sessions.count, PER_ADDRESS);
  await leave(first, second, third, ...others, last);
});

const WAYS: readonly (readonly [how: string, go: (raw: RawSocket) => void])[] = [
  ['says goodbye', (raw) => raw.write(frame({ opcode: 8, payload: Buffer.from([0x03, 0xe8]) }))],
  ['ends its side', (raw) => raw.socket.end()],
  ['vanishes', (raw) => raw.destroy()],
  ['is reset', (raw) => raw.socket.resetAndDestroy()],
  ['breaks the protocol', (raw) => raw.write(frame({ reserved: 7 }))],
  ['sends too much', (raw) => raw.write(frame({ claims: 2 ** 40 }))],
  ['floods', (raw) => raw.write(Buffer.concat(Array.from({ length: 3000 }, () => frame({ opcode: 9 }))))],
  ['goes silent', () => undefined],
];

for (const [how, go] of WAYS) {
  test(`a client that ${how} leaves its place to another`, async () => {
    const sockets = [await RawSocket.upgraded(port, A), await RawSocket.upgraded(port, A)];
    assert.equal(sessions.count, PER_ORIGIN);
    for (const raw of sockets) go(raw);
    const [first] = sockets;
    if (how === 'goes silent') await clock.advance(25_000);
    if (how === 'floods') await first?.until(() => sockets.every(({ closeCode }) => closeCode !== undefined));
    if (how === 'floods' || how === 'goes silent') await clock.advance(2000); // it does not answer our close
    assert.ok(await first?.until(() => sessions.count === 0), `${sessions.count} left`);
    const next = await RawSocket.upgraded(port, A);
    assert.equal(next.messages[0]?.type, 'config');
    await leave(next, ...sockets);
  });
}

test('sound and pictures at the fastest that is taken, after a burst of both, are no flood', async () => {
  const raw = await RawSocket.upgraded(port);
  const picture = frame({ payload: 'x'.repeat(MIB) });
  const second = Array.from({ length: 8 }, () => frame({ payload: 'x'.repeat(MIB / 32) }));
  raw.write(Buffer.concat([...Array.from({ length: 3 }, () => picture), ...second, ...second]));
  for (let passed = 0; passed < 30 && raw.closeCode === undefined; passed += 1) {
    const read = raw.pongs + 1;
    raw.write(Buffer.concat([picture, ...second, frame({ opcode: 9 })]));
    await raw.until(() => raw.pongs === read || raw.closeCode !== undefined);
    const lastPing = raw.pings.at(-1);
    if (lastPing !== undefined) raw.write(frame({ opcode: 10, payload: lastPing }));
    await clock.advance(1000);
  }
  assert.equal(raw.closeCode, undefined);
  await leave(raw);
});

test('a socket whose browser answers pings, but whose page says nothing, is closed with 4409', async () => {
  const raw = await RawSocket.upgraded(port);
  await stay(raw, 85_000);
  assert.equal(raw.closeCode, undefined);
  await stay(raw, 10_000);
  assert.equal(raw.closeCode, 4409);
  assert.ok(raw.messages.some(({ code }) => code === 'session_idle'));
  await leave(raw);
});

test('a socket that is old is closed with 4410, however much it says', async () => {
  const raw = await RawSocket.upgraded(port);
  await stay(raw, 195_000, '{"type":"ping"}');
  assert.equal(raw.closeCode, undefined);
  await stay(raw, 10_000, '{"type":"ping"}');
  assert.equal(raw.closeCode, 4410);
  assert.ok(raw.messages.some(({ code }) => code === 'session_expired'));
  await leave(raw);
});

test('draining closes with 1001, also a socket that does not answer, and refuses newcomers with 1013', async () => {
  const raw = await RawSocket.upgraded(port);
  await sessions.drain(10_000);
  assert.ok(await raw.until(() => raw.closeCode === 1001));
  const late = await RawSocket.upgraded(port);
  assert.equal(late.messages[0]?.code, 'draining');
  assert.ok(await late.until(() => late.closeCode === 1013));
  await clock.advance(2000);
  assert.ok(await raw.until(() => raw.ended && late.ended));
  assert.equal(sessions.count, 0);
});
