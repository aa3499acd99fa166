import { join } from 'node:path';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from '../log.ts';
import { serveScripts } from './browser-scripts.ts';
import { servePage } from './page.ts';
import { addRoutes, type ServerFacts } from './routes.ts';
import { attachWebSocket, type UpgradeParts } from './upgrade.ts';

/** Limits of the HTTP side: nobody sends it anything large or slowly. */
const MAX_BODY_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** What the HTTP server is made of. */
export interface ServerParts extends UpgradeParts {
  readonly facts: ServerFacts;
  /** Folder of the demo page. */
  readonly pageFolder: string;
  /** Folder of the client library's scripts. */
  readonly clientFolder: string;
  readonly log: Logger;
}

/** Makes the HTTP and WebSocket server; the caller listens and closes. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // query strings hold tokens
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  });
  server.server.headersTimeout = HEADERS_TIMEOUT_MS;
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'upgrade-insecure-requests': null, // plain http on a local network is a normal use
      },
    },
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  // Without authentication any page may use the server; it holds nothing of the visitor's.
  await server.register(cors, { origin: true, maxAge: 600 });
  addRoutes(server, parts.facts);
  await servePage(server, parts.pageFolder);
  serveScripts(server, '/embed/', join(parts.pageFolder, 'embed'));
  serveScripts(server, '/client/src/', parts.clientFolder);
  attachWebSocket(server.server, parts);
  return server;
}
