import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Asked every few seconds by machines: their lines would bury the others. */
const ASKED_OFTEN: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

/** The page's own files: they come by the dozen. */
const FILES = '/*';

/** Names a request in the log, and to who asked, in the header `x-request-id`. */
export function newRequestId(): string {
  return randomUUID();
}

/**
 * Writes a line for each HTTP request: its name, method, route, status and time. Of the address only the route it
 * matched, never what the visitor wrote: query strings hold tokens. What is
 * asked for all the time has its line at debug.
 */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'none', schema } = request.routeOptions;
    const dull = ASKED_OFTEN.has(route) || route === FILES || schema?.hide === true;
    const level = dull && reply.statusCode < 500 ? 'debug' : 'info';
    request.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
}
