import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { dial } from '../../../src/agents/remote/dial.ts';
import { AgentError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';

const never = new AbortController().signal;

async function failure(url: string): Promise<AgentError> {
  const error = await dial(url, never, systemClock()).then(
    () => assert.fail('connected'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AgentError);
  assert.equal(error.code, 'agent_unavailable');
  return error;
}

/** Answers every upgrade with a status instead. */
async function refusing(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Server & { url: string }> {
  const server = createServer((_request, response: ServerResponse) =>
    response.writeHead(status, headers).end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return Object.assign(server, { url: `ws://127.0.0.1:${port}` });
}

test('what may pass is retryable, what will not is not', async () => {
  for (const [status, retryable] of [
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [408, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [301, false],
    [200, false],
  ] as const) {
    const server = await refusing(status, { location: 'ws://127.0.0.1:1' });
    const error = await failure(server.url);
    assert.equal(error.retryable, retryable, String(status));
    assert.match(error.message, new RegExp(String(status)));
    server.close();
  }
});

test('Retry-After is kept, in seconds and as a date, and never for longer than ten minutes', async () => {
  for (const [header, expectedMs] of [
    ['7', 7000],
    ['0', 0],
    ['86400', 600_000],
    [new Date(Date.now() - 5000).toUTCString(), 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 600_000],
    ['soon', undefined],
  ] as const) {
    const server = await refusing(429, { 'retry-after': header });
    const error = await failure(server.url);
    assert.equal(error.retryAfterMs, expectedMs, header);
    server.close();
  }
});

test('nobody there, no such host, and no TLS are retryable', async () => {
  const plain = await refusing(200);
  for (const url of ['ws://127.0.0.1:1', 'ws://agent.invalid', plain.url.replace('ws:', 'wss:')]) {
    assert.equal((await failure(url)).retryable, true, url);
  }
  plain.close();
});

test('the error says nothing of what is secret in the address', async () => {
  const error = await failure('ws://me:sentinel@127.0.0.1:1/?token=sentinel');
  assert.doesNotMatch(`${error.message} ${error.publicMessage}`, /sentinel/);
});

test('an end that takes the connection and says nothing is given up after ten seconds', async () => {
  const server = createTcpServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const clock = new FakeClock();
  const dialling = dial(`ws://127.0.0.1:${port}`, never, clock);
  await Promise.all([
    clock.advance(10_000),
    assert.rejects(dialling, (error) => error instanceof AgentError && error.retryable),
  ]);
  assert.equal(clock.pendingTimers, 0);
  server.close();
});
