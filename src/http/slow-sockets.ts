import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Clock } from '../time/clock.ts';

/** So many sockets may be open that have never asked for anything, and so many that a browser or proxy keeps for later. */
const MAX_SILENT = 100;
const MAX_KEPT = 1000;

/** Nobody is dropped who has come, or asked, just now: a crowd that comes at once is no attack. */
const MIN_AGE_MS = 1000;

/**
 * Keeps sockets that ask for nothing from adding up. Newcomers are always let in, and whoever has asked for nothing for
 * longest goes: an attacker drops their own. Conversations are not counted here. Ends with the server.
 */
export function dropSlowest(server: Server, clock: Clock): void {
  const silent = new Waiting(MAX_SILENT, clock);
  const kept = new Waiting(MAX_KEPT, clock);
  // Over TLS, requests come on another socket than the one that connected; until then the handshake's own timeout counts.
  const begins = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(begins, (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => {
      silent.delete(socket);
      kept.delete(socket);
    });
  });
  server.on('request', ({ socket }) => {
    silent.delete(socket);
    kept.add(socket);
  });
  server.on('upgrade', ({ socket }) => {
    silent.delete(socket);
    kept.delete(socket);
  });
}

/** Sockets by how long they have been waiting, at most so many. */
class Waiting {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #since = new Map<Socket, number>();

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** It waits from now on. */
  add(socket: Socket): void {
    this.#since.delete(socket); // to stand last
    this.#since.set(socket, this.#clock.now());
    const [oldest] = this.#since;
    if (this.#since.size <= this.#max || oldest === undefined) return;
    if (this.#clock.now() - oldest[1] < MIN_AGE_MS) return;
    this.#since.delete(oldest[0]);
    oldest[0].destroy();
  }

  delete(socket: Socket): void {
    this.#since.delete(socket);
  }
}
