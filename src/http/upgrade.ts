import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Door } from '../auth/door.ts';
import type { Visitor } from '../auth/visitor.ts';
import { toAppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Observer } from '../session/observer.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Clock } from '../time/clock.ts';
import { Refusals } from './refusals.ts';
import { WS_PATH } from './routes.ts';
import { type Trust, visitorOf } from './visitors.ts';
import { WsTransport } from './ws-transport.ts';

/**
 * What the socket itself takes. A message from 64 KiB to here is answered with an `error` and the session lives on;
 * a larger one would have to be held to be refused, so the socket closes with 1009.
 */
const MAX_FRAME_BYTES = 1024 * 1024;

/** What {@link attachWebSocket} needs. */
export interface UpgradeParts {
  readonly sessions: Sessions;
  readonly door: Door;
  /** Which proxies' word on the client's address is taken; undefined for none. */
  readonly trust: Trust | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  /** Told of every close. */
  readonly observer: Observer;
}

/** Lets an HTTP server speak WebSocket on {@link WS_PATH}. Other upgrades get 404. Ends with the server. */
export function attachWebSocket(server: Server, parts: UpgradeParts): void {
  // Sockets are counted and ended by the sessions; compression costs more than it saves on base64 sound.
  const ws = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const refusals = new Refusals(parts.clock, parts.random, parts.observer);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes over, a reset of the raw socket would be an unhandled error.
    socket.on('error', () => socket.destroy());
    if (pathOf(request.url) !== WS_PATH) {
      // A client that leaves its own side open would keep the socket, and the server from closing, for ever.
      const hangUp = () => socket.destroy();
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', hangUp);
      return;
    }
    const visitor = visitorOf(request, parts.trust);
    // Until the door has decided, nothing of the socket is read: what comes waits in it, in order, held back by TCP.
    const decision = parts.door.knock(visitor, tokenIn(request.url)).catch((err: unknown) => {
      parts.log.error({ err, requestId: visitor.requestId }, 'the door failed');
      return toAppError(err);
    });
    void decision.then((refusal) => {
      if (socket.destroyed) return;
      ws.handleUpgrade(request, socket, head, (accepted) => {
        if (refusal === undefined) converse(accepted, visitor, parts);
        else refusals.refuse(accepted, refusal);
      });
    });
  });
}

/** Joins a socket with a session, for as long as both live. */
function converse(socket: WebSocket, visitor: Visitor, parts: UpgradeParts): void {
  const { sessions, clock, random, observer } = parts;
  const { requestId } = visitor;
  const log = parts.log.child({ requestId });
  socket.on('error', (err) => log.debug({ err }, 'socket fault')); // its close event follows
  const session = sessions.admit(new WsTransport(socket, clock, random), visitor);
  if (session === undefined) return;
  const { id: sessionId } = session;
  log.info({ sessionId, sessions: sessions.count }, 'session opened');
  socket.on('message', (data: RawData, isBinary: boolean) => session.receive(asBuffer(data), isBinary));
  socket.on('close', (code) => {
    log.info({ sessionId, code }, 'session closed');
    observer.closed(code);
    sessions
      .end(session)
      .catch((err: unknown) => log.error({ sessionId, err }, 'session did not end cleanly'));
  });
}

function tokenIn(url = '/'): string | undefined {
  return new URLSearchParams(url.slice(pathOf(url).length)).get('token') ?? undefined;
}

function pathOf(url = '/'): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
