import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from '../log.ts';
import { addApiDocs } from './api-docs.ts';
import { servePage } from './page.ts';
import { logRequests, newRequestId } from './request-log.ts';
import { addRoutes, type ServerFacts } from './routes.ts';
import { addTokenRoute } from './token-route.ts';
import { attachWebSocket, type UpgradeParts } from './upgrade.ts';

/** Limits of the HTTP side: nobody sends it anything large or slowly. */
const MAX_BODY_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** Browsers ask again after this time whether a page may ask for a token. */
const PREFLIGHT_MAX_AGE_S = 600;

/** What the HTTP server is made of. */
export interface ServerParts extends UpgradeParts {
  readonly facts: ServerFacts;
  /** Pages that may read what the server answers; undefined for all. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** Seconds a token is good for. */
  readonly tokenTtlS: number;
  /** Folder of the demo page. */
  readonly pageFolder: string;
  readonly log: Logger;
}

/** Makes the HTTP and WebSocket server; the caller listens and closes. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // Query strings hold tokens: request-log.ts writes lines without them.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: parts.trust ?? false,
    forceCloseConnections: true,
  });
  server.server.headersTimeout = HEADERS_TIMEOUT_MS;
  logRequests(server);
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
  const origin = parts.allowedOrigins === undefined ? true : [...parts.allowedOrigins];
  await server.register(cors, { origin, maxAge: PREFLIGHT_MAX_AGE_S, exposedHeaders: ['Retry-After'] });
  await addApiDocs(server, parts.facts.version);
  addRoutes(server, parts.facts);
  addTokenRoute(server, parts);
  await servePage(server, parts.pageFolder);
  attachWebSocket(server.server, parts);
  return server;
}
