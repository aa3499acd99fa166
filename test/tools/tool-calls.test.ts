import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../src/time/clock.ts';
import { ToolCalls } from '../../src/tools/tool-calls.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Calls a tool whose address is answered by `answer`, and gives what the model is told. */
async function callHttpTool(answer: Answer, timeoutMs = 5000): Promise<unknown> {
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
    return await calls.run({ callId: 'c1', name: 'price', args: { item: 'tea' } });
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

test('an answer nested deeper than can be written again is a failure of the tool', async () => {
  const levels = 30_000;
  const answer = await callHttpTool((_request, response) =>
    response.end(`${'['.repeat(levels)}${']'.repeat(levels)}`),
  );
  assert.deepEqual(answer, { error: 'the tool failed: its answer is nested too deep' });
});
