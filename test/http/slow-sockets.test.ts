import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { test } from 'node:test';
import { dropSlowest } from '../../src/http/slow-sockets.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';

/** A socket that only knows whether it was dropped. */
class FakeSocket extends EventEmitter {
  dropped = false;

  destroy(): void {
    this.dropped = true;
    this.emit('close');
  }
}

function watchedServer() {
  const clock = new FakeClock();
  const server = new EventEmitter();
  dropSlowest(server as Server, clock);
  const connect = (count: number) =>
    Array.from({ length: count }, () => {
      const socket = new FakeSocket();
      server.emit('connection', socket);
      return socket;
    });
  const ask = (socket: FakeSocket) => server.emit('request', { socket });
  return { clock, server, connect, ask };
}

const dropped = (sockets: readonly FakeSocket[]) => sockets.filter((socket) => socket.dropped).length;

test('of sockets that have asked for nothing a hundred are kept, the newest', async () => {
  const { clock, connect } = watchedServer();
  const old = connect(100);
  await clock.advance(1000);
  const young = connect(60);
  assert.equal(dropped(old), 60);
  assert.ok(old.slice(0, 60).every((socket) => socket.dropped));
  assert.equal(dropped(young), 0);
});

test('a crowd that comes within a second is let in', () => {
  const { connect } = watchedServer();
  assert.equal(dropped(connect(500)), 0);
});

test('of sockets kept after a request a thousand are, those that asked last', async () => {
  const { clock, connect, ask } = watchedServer();
  const kept = connect(1000);
  for (const socket of kept) ask(socket);
  await clock.advance(1000);
  for (const socket of kept.slice(0, 100)) ask(socket); // again
  const more = connect(50);
  for (const socket of more) ask(socket);
  assert.equal(dropped(kept), 50);
  assert.ok(kept.slice(100, 150).every((socket) => socket.dropped));
  assert.equal(dropped(more), 0);
});

test('conversations are not counted, and what has closed is forgotten', async () => {
  const { clock, server, connect } = watchedServer();
  const talking = connect(150);
  for (const socket of talking) server.emit('upgrade', { socket });
  for (const socket of connect(100)) socket.destroy();
  await clock.advance(1000);
  const silent = connect(100);
  assert.equal(dropped(talking) + dropped(silent), 0);
});
