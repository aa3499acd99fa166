import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from '../log.ts';
import { addApiDocs } from './api-docs.ts';
import { type Certificate, secureOptions } from './certificate.ts';
import { wantsWebSocket } from './handshake.ts';
import { servePage } from './page.ts';
import { endLongPipelines } from './pipelines.ts';
import { logRequests, newRequestId } from './request-log.ts';
import { addRoutes, type ServerFacts } from './routes.ts';
import { dropSlowest } from './slow-sockets.ts';
import { addTokenRoute } from './token-route.ts';
import { attachWebSocket, type UpgradeParts } from './upgrade.ts';

/** Nobody sends it anything large. */
const MAX_BODY_BYTES = 16 * 1024;

/** How slow a client may be, in milliseconds. */
export interface HttpTimeouts {
  /** From the connection's beginning, or the last answer's end, to the end of the headers; and the TLS handshake. */
  readonly headersMs: number;
  /** The same to the end of the body. */
  readonly requestMs: number;
  /** For so long nothing may come and nothing of an answer be taken. A WebSocket has a heartbeat instead. */
  readonly stalledMs: number;
  /** How often is looked for requests that are too slow; Node's own 30 s would let headers take 40. */
  readonly checkMs: number;
}

/** What a server is given that is told nothing else. */
export const HTTP_TIMEOUTS: HttpTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  stalledMs: 60_000,
  checkMs: 1000,
};

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
  /** Folder of the client library's scripts. */
  readonly clientFolder: string;
  readonly log: Logger;
  /** Serve https and wss with this certificate; undefined for http and ws. */
  readonly certificate: Certificate | undefined;
  /** Seconds for which browsers are told to use nothing but https; 0: they are not. */
  readonly hstsSeconds: number;
  readonly timeouts?: HttpTimeouts;
}

/** Makes the HTTP and WebSocket server; the caller listens and closes. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const timeouts = parts.timeouts ?? HTTP_TIMEOUTS;
  const server = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // Query strings hold tokens: request-log.ts writes lines without them.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: timeouts.requestMs,
    connectionTimeout: timeouts.stalledMs,
    trustProxy: parts.trust ?? false,
    forceCloseConnections: true,
    ...listener(parts.certificate, timeouts),
  });
  dropSlowest(server.server, parts.clock);
  endLongPipelines(server);
  logRequests(server);
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
  const origin = parts.allowedOrigins === undefined ? true : [...parts.allowedOrigins];
  await server.register(cors, { origin, maxAge: PREFLIGHT_MAX_AGE_S, exposedHeaders: ['Retry-After'] });
  // No endpoint takes a body; one that says it is large is not read at all.
  server.addHook('onRequest', async (request, reply) => {
    if (Number(request.headers['content-length'] ?? 0) <= MAX_BODY_BYTES) return;
    reply.code(413).header('connection', 'close');
    return reply.send({ detail: 'Body too large' });
  });
  await addApiDocs(server, parts.facts.version);
  addRoutes(server, parts.facts);
  addTokenRoute(server, parts);
  await servePage(server, parts.pageFolder, parts.clientFolder, {
    wantsToken: parts.allowedOrigins !== undefined,
  });
  attachWebSocket(server.server, parts);
  return server;
}

/** Options of the listening server itself. The cast: which of the two servers it is makes no difference to the rest. */
function listener(certificate: Certificate | undefined, timeouts: HttpTimeouts): object {
  const options = {
    connectionsCheckingInterval: timeouts.checkMs,
    headersTimeout: timeouts.headersMs,
    shouldUpgradeCallback: wantsWebSocket,
  };
  return certificate === undefined
    ? { http: options }
    : { https: { ...options, ...secureOptions(certificate), handshakeTimeout: timeouts.headersMs } };
}
