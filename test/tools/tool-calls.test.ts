import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/time/clock.ts';
import { type ToolCall, ToolCalls } from '../../src/tools/tool-calls.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** What the model writes. */
const CALL: ToolCall = { callId: 'c1', name: 'price', args: { item: 'tea' } };

/** Calls a tool whose address is answered by `answer`, and gives what the model is told. */
async function callHttpTool(answer: Answer, timeoutMs = 5000, call = CALL): Promise<unknown> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(request, response, body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const over = new AbortController();
  const calls = new ToolCalls({
    tools: [
      {
        name: 'price',
        description: 'Says a price.',
        parameters: { type: 'object' },
        run: { where: 'http', url: `http://127.0.0.1:${port}/price`, timeoutMs },
      },
    ],
    sessionId: 's1',
    clock: systemClock(),
    signal: over.signal,
    onClientCall: () => undefined,
  });
  try {
    return await calls.run(call);
  } finally {
    over.abort();
    assert.equal(calls.pending, 0);
    server.closeAllConnections();
    server.close();
  }
}

test('an address gets the call as JSON, and its JSON answer goes to the model', async () => {
  const told = await callHttpTool((request, response, body) => {
    assert.equal(request.method, 'POST');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(body), {
      name: 'price',
      arguments: { item: 'tea' },
      callId: 'c1',
      sessionId: 's1',
    });
    response.end('{"euros":2}');
  });
  assert.deepEqual(told, { euros: 2 });
});

test('a plain text is an answer, too', async () => {
  assert.deepEqual(await callHttpTool((_request, response) => response.end('two euros')), {
    result: 'two euros',
  });
});

test('an address that fails, redirects, floods or hangs is told to the model as an error', async () => {
  const failing: readonly (readonly [answer: Answer, timeoutMs?: number])[] = [
    [(_request, response) => response.writeHead(500).end()],
    [(_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    [(_request, response) => response.end('x'.repeat(70_000))],
    [(request) => request.socket.destroy()],
    [() => undefined, 100],
  ];
  for (const [answer, timeoutMs] of failing) {
    const told = (await callHttpTool(answer, timeoutMs)) as { error?: string };
    assert.match(told.error ?? '', /^the tool (failed|did not answer)/);
  }
});

/** A server that nobody should call, for as long as the test runs; counts who does all the same. */
async function forbiddenServer(context: TestContext) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('{"secret":"of another server"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, asked: () => asked };
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`an address that sends on (${status}) to a server that is there is not followed`, async (context) => {
    const other = await forbiddenServer(context);
    const told = (await callHttpTool((_request, response) =>
      response.writeHead(status, { location: other.url }).end(),
    )) as { error?: string };
    assert.match(told.error ?? '', /^the tool failed/);
    assert.equal(other.asked(), 0);
  });
}

test('a model that writes addresses into a call reaches nobody but the operator’s address', async (context) => {
  const other = await forbiddenServer(context);
  const reached: string[] = [];
  const answer: Answer = (request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.end('{}');
  };
  const run = { where: 'http', url: other.url, timeoutMs: 100 };
  for (const args of [
    { url: other.url, run },
    { ['__proto__']: { url: other.url, run } },
    JSON.parse(`{"__proto__":{"url":"${other.url}"},"constructor":{"prototype":{"url":"${other.url}"}}}`),
    other.url,
    [other.url],
  ]) {
    await callHttpTool(answer, 5000, { callId: other.url, name: 'price', args });
  }
  assert.deepEqual(reached, Array(5).fill('POST /price'));
  for (const name of [
    other.url,
    `price@${other.url}`,
    `/../${other.url}`,
    '../price',
    'price?x',
    '__proto__',
  ]) {
    const told = await callHttpTool(answer, 5000, { callId: 'c1', name, args: { url: other.url } });
    assert.deepEqual(told, { error: `there is no tool named ${name}` });
  }
  assert.equal(reached.length, 5);
  assert.equal(other.asked(), 0);
});

test('an answer nested deeper than can be written again is a failure of the tool', async () => {
  const levels = 30_000;
  const answer = await callHttpTool((_request, response) =>
    response.end(`${'['.repeat(levels)}${']'.repeat(levels)}`),
  );
  assert.deepEqual(answer, { error: 'the tool failed: its answer is nested too deep' });
});
