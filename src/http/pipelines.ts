import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** So many requests a connection may send before the first of them is answered. Browsers and proxies send one. */
export const MAX_UNANSWERED = 16;

/**
 * Ends a connection that sends one request more. A client that sends on and does not read would have all its answers
 * kept for it: Node hands out every request of a packet at once, a thousand in 64 KiB. Added before whatever makes answers.
 */
export function endLongPipelines(server: FastifyInstance): void {
  const unanswered = new WeakMap<Socket, number>();
  // Before the framework looks at it: what it answers by itself (an address that cannot be decoded) counts, too.
  server.server.prependListener('request', ({ socket }, response) => {
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count > MAX_UNANSWERED) socket.destroy();
  });
  // The rest of the packet is handed out all the same.
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.raw.socket.destroyed) return done();
    reply.hijack();
  });
}
