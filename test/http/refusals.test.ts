import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { LimitError } from '../../src/errors.ts';
import { Refusals } from '../../src/http/refusals.ts';
import { NO_OBSERVER } from '../../src/session/observer.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { RawSocket } from '../support/raw-socket.ts';

/** Refuses everybody, and nobody's time to answer its close ever ends unless the test says so. */
async function refusingHouse(context: TestContext) {
  const clock = new FakeClock();
  const refusals = new Refusals(clock, () => 0.5, NO_OBSERVER);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) =>
    refusals.refuse(socket, new LimitError('too_many_connects', 'refused by the test', { retryAfterMs: 7 })),
  );
  await once(server, 'listening');
  context.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { clock, port: (server.address() as { port: number }).port };
}

test('of refused clients that stay all the same a hundred are kept: the oldest are cut off', async (context) => {
  const { port } = await refusingHouse(context);
  const sockets: RawSocket[] = [];
  for (let count = 0; count < 103; count += 1) {
    const raw = await RawSocket.upgraded(port); // it reads why, and does not answer the close
    assert.equal(raw.messages[0]?.code, 'too_many_connects');
    sockets.push(raw);
  }
  const ended = () => sockets.flatMap((raw, index) => (raw.ended ? index : []));
  await sockets[0]?.until(() => ended().length >= 3);
  assert.deepEqual(ended(), [0, 1, 2]);
  for (const raw of sockets) raw.destroy();
});

test('one that stays is cut off after two seconds', async (context) => {
  const { port, clock } = await refusingHouse(context);
  const raw = await RawSocket.upgraded(port);
  assert.ok(await raw.until(() => raw.closeCode === 1013));
  await clock.advance(1999);
  assert.equal(raw.ended, false);
  await clock.advance(1);
  assert.ok(await raw.until(() => raw.ended));
});
