import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from '../log.ts';
import { type Certificate, secureOptions } from './certificate.ts';
import { servePage } from './page.ts';
import { addRoutes, type ServerFacts } from './routes.ts';
import { dropSlowest } from './slow-sockets.ts';
import { attachWebSocket, type UpgradeParts } from './upgrade.ts';

/** Limits of the HTTP side: nobody sends it anything large or slowly. */
const MAX_BODY_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** How often Node looks for requests that are too slow; its own 30 s would let a header take 40. */
const SLOW_CHECK_MS = 1000;

/** A browser's connection is kept for its next request so long. */
const KEEP_ALIVE_MS = 5000;

/** What the HTTP server is made of. */
export interface ServerParts extends UpgradeParts {
  readonly facts: ServerFacts;
  /** Folder of the demo page. */
  readonly pageFolder: string;
  readonly log: Logger;
  /** Serve https and wss with this certificate; undefined for http and ws. */
  readonly certificate: Certificate | undefined;
  /** Seconds for which browsers are told to use nothing but https; 0: they are not. */
  readonly hstsSeconds: number;
  /** Connections there may be at a time, of every kind. */
  readonly maxConnections: number;
}

/** Makes the HTTP and WebSocket server; the caller listens and closes. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // query strings hold tokens
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    ...listener(parts.certificate),
  });
  server.server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.server.maxConnections = parts.maxConnections;
  dropSlowest(server.server, parts.clock);
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'upgrade-insecure-requests': null, // plain http on a local network is a normal use
      },
    },
    strictTransportSecurity: parts.hstsSeconds > 0 && { maxAge: parts.hstsSeconds, includeSubDomains: false },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  // Without authentication any page may use the server; it holds nothing of the visitor's.
  await server.register(cors, { origin: true, maxAge: 600 });
  addRoutes(server, parts.facts);
  await servePage(server, parts.pageFolder);
  attachWebSocket(server.server, parts);
  return server;
}

/** Options of the listening server itself. The cast: which of the two servers it is makes no difference to the rest. */
function listener(certificate: Certificate | undefined): object {
  const slow = { connectionsCheckingInterval: SLOW_CHECK_MS };
  return certificate === undefined
    ? { http: slow }
    : { https: { ...slow, ...secureOptions(certificate), handshakeTimeout: HEADERS_TIMEOUT_MS } };
}
