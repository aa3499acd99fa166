import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Clock } from '../time/clock.ts';

/** So many sockets may be without a first request; beyond that those that have been for longest are dropped... */
const MAX_SILENT = 100;

/** ...unless they are younger than this: a crowd that comes at once is no attack. */
const MIN_AGE_MS = 1000;

/**
 * Keeps sockets that connect and ask for nothing from adding up. Newcomers are let in, and the slowest go: an attacker
 * drops their own. Ends with the server.
 */
export function dropSlowest(server: Server, clock: Clock): void {
  /** By age, and when each came. */
  const silent = new Map<Socket, number>();
  // Over TLS, requests come on another socket than the one that connected; until then the handshake's own timeout counts.
  const begins = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(begins, (socket: Socket) => {
    silent.set(socket, clock.now());
    socket.once('close', () => silent.delete(socket));
    if (silent.size <= MAX_SILENT) return;
    const [oldest] = silent;
    if (oldest === undefined || clock.now() - oldest[1] < MIN_AGE_MS) return;
    silent.delete(oldest[0]);
    oldest[0].destroy();
  });
  const asks = ({ socket }: { readonly socket: Socket }) => silent.delete(socket);
  server.on('request', asks);
  server.on('upgrade', asks);
}
