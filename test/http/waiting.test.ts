import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { Audit } from '../../src/auth/audit.ts';
import { Door } from '../../src/auth/door.ts';
import { MemoryLimiter } from '../../src/auth/memory-limiter.ts';
import type { Taken } from '../../src/auth/rate-limiter.ts';
import { Rates } from '../../src/auth/rates.ts';
import { attachWebSocket } from '../../src/http/upgrade.ts';
import { silentLogger } from '../../src/log.ts';
import { NO_OBSERVER } from '../../src/session/observer.ts';
import { Sessions } from '../../src/session/sessions.ts';
import { systemClock } from '../../src/time/clock.ts';
import { eventually } from '../support/eventually.ts';

const HANDSHAKE = [
  'GET /ws HTTP/1.1',
  'Host: x',
  'Origin: https://page.example',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

const LIMITS = { capacity: 100, refillPerSecond: 10 };

/** A server whose door decides when the test says so. */
async function slowHouse(context: TestContext) {
  const clock = systemClock();
  const asked: ((taken: Taken) => void)[] = [];
  const limiter = { take: () => new Promise<Taken>((resolve) => asked.push(resolve)) };
  const agent = new ScriptedAgent();
  const parts = { clock, log: silentLogger(), random: () => 0.5, observer: NO_OBSERVER };
  const settings = { ...parts, agent, animator: undefined, tools: [], instructions: () => '', leadMs: 400 };
  const sessions = new Sessions(
    { ...settings, inputRate: 24_000, outputRate: 24_000, fps: 30 },
    { headcount: { all: 10 } },
  );
  const rates = {
    connectsPerOrigin: LIMITS,
    connectsPerAddress: LIMITS,
    tokensPerAddress: LIMITS,
    refusalsPerAddress: { capacity: 1000, refillPerSecond: 1 },
  };
  const door = new Door({
    auth: undefined,
    rates: new Rates(limiter, new MemoryLimiter(clock), rates),
    audit: new Audit(silentLogger(), clock),
    clock,
  });
  const server = createServer().listen(0, '127.0.0.1');
  attachWebSocket(server, { ...parts, sessions, door, trust: undefined });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  context.after(() => sessions.drain(0).then(() => server.close()));
  /** Answers the question that is open, once there is one. */
  const answer = async (taken: Taken) => {
    await eventually('the door is asked', () => asked.length > 0);
    asked.shift()?.(taken);
  };
  const knock = () => connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  return { agent, sessions, answer, knock };
}

/** A short text frame as a client sends it, masked with zeros (RFC 6455 section 5.2). */
function frame(message: unknown): Buffer {
  const data = Buffer.from(JSON.stringify(message));
  assert.ok(data.length < 126);
  return Buffer.concat([Buffer.from([0x81, 0x80 | data.length, 0, 0, 0, 0]), data]);
}

/** All that comes, as text. */
function reading(socket: Socket): { readonly text: () => string } {
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  return { text: () => text };
}

test('what a client sends while the door decides waits, and is answered in order', async (context) => {
  const { agent, answer, knock } = await slowHouse(context);
  const socket = knock();
  const { text } = reading(socket);
  socket.write(Buffer.concat([Buffer.from(HANDSHAKE), frame({ type: 'text', data: 'one' })]));
  await answer({ pass: true });
  socket.write(frame({ type: 'text', data: 'two' }));
  assert.equal(text(), '', 'no word before the decision');
  await answer({ pass: true });
  socket.write(frame({ type: 'text', data: 'three' }));
  const heard = () =>
    agent.sessions[0]?.calls.flatMap((call) => (call.method === 'sendText' ? call.text : []));
  await eventually('all were heard', () => heard()?.length === 3);
  assert.deepEqual(heard(), ['one', 'two', 'three']);
  assert.match(text(), /^HTTP\/1\.1 101 [\s\S]*"type":"config"/);
  socket.destroy();
});

test('a refused client learns why, whatever it sent meanwhile', async (context) => {
  const { agent, answer, knock } = await slowHouse(context);
  const socket = knock();
  const { text } = reading(socket);
  socket.write(
    Buffer.concat([Buffer.from(HANDSHAKE), frame({ type: 'text', data: 'one' }), Buffer.from('junk')]),
  );
  await answer({ pass: false, retryAfterMs: 7 });
  await eventually('it is told', () => text().includes('try again later'));
  assert.match(text(), /"code":"too_many_connects"[^}]*"retryAfterMs":7/);
  assert.equal(agent.sessions.length, 0);
  socket.destroy();
});

test('a flood that is sent before the decision is not read into memory', async (context) => {
  const { answer, knock } = await slowHouse(context);
  const socket = knock();
  reading(socket);
  const flood = Buffer.alloc(32 * 1024 * 1024);
  socket.write(HANDSHAKE);
  socket.write(flood);
  await answer({ pass: true });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(socket.writableLength > 16 * 1024 * 1024, `${socket.writableLength} bytes wait at the client`);
  socket.destroy();
  await answer({ pass: true });
});

test('a client that leaves while the door decides leaves nothing', async (context) => {
  const { agent, sessions, answer, knock } = await slowHouse(context);
  const gone = [knock(), knock()];
  for (const socket of gone) {
    reading(socket);
    socket.write(HANDSHAKE);
  }
  await answer({ pass: true });
  await answer({ pass: true });
  gone[0]?.resetAndDestroy();
  gone[1]?.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await answer({ pass: true });
  await answer({ pass: true });
  await eventually('both are gone', () => {
    return sessions.count === 0 && agent.sessions.every(({ options }) => options.signal.aborted);
  });
});
