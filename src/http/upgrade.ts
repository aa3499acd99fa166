import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Door } from '../auth/door.ts';
import type { Visitor } from '../auth/visitor.ts';
import { toAppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Observer } from '../session/observer.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Clock } from '../time/clock.ts';
import { queryOf, refuseHandshake } from './handshake.ts';
import { Refusals } from './refusals.ts';
import { type Trust, visitorOf } from './visitors.ts';
import { WsTransport } from './ws-transport.ts';

/** What ws itself takes from a socket, and how. The types of ws do not know all of its options. */
const SOCKET = {
  // A message from 64 KiB to here is answered with an `error` and the session lives on; a larger one would have to be
  // held to be refused, so the socket closes with 1009.
  maxPayload: 1024 * 1024,
  // In so many parts a message may come: as frames, and as pieces that the network makes of a frame.
  maxFragments: 1024,
  maxBufferedChunks: 4096,
  // Who has broken the protocol has this long (ms) to take note.
  closeTimeout: 2000,
  autoPong: false, // the transport answers, and counts
  perMessageDeflate: false, // compression costs more than it saves on base64 sound
};

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

/** Lets an HTTP server speak WebSocket on its one path (handshake.ts). Elsewhere it gets 404. Ends with the server. */
export function attachWebSocket(server: Server, parts: UpgradeParts): void {
  // Sockets are counted and ended by the sessions.
  const ws = new WebSocketServer({ ...SOCKET, noServer: true, clientTracking: false });
  const refusals = new Refusals(parts.clock, parts.random, parts.observer);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes over, a reset of the raw socket would be an unhandled error.
    socket.on('error', () => socket.destroy());
    if (refuseHandshake(request, socket)) return;
    const visitor = visitorOf(request, parts.trust);
    // Until the door has decided, nothing of the socket is read: what comes waits in it, in order, held back by TCP.
    const token = queryOf(request.url).get('token') ?? undefined;
    const decision = parts.door.knock(visitor, token).catch((err: unknown) => {
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
  const transport = new WsTransport(socket, clock, random);
  const session = admit(transport, visitor, { sessions, log });
  if (session === undefined) return;
  const { id: sessionId } = session;
  log.info({ sessionId, sessions: sessions.count }, 'session opened');
  socket.on('message', (data: RawData, isBinary: boolean) => session.receive(asBuffer(data), isBinary));
  socket.on('close', (received) => {
    const code = transport.closedWith?.code ?? received; // a client that does not read does not answer our close
    log.info({ sessionId, code }, 'session closed');
    observer.closed(code);
    sessions
      .end(session)
      .catch((err: unknown) => log.error({ sessionId, err }, 'session did not end cleanly'));
  });
}

/** A fault in making a session ends its socket, and no other. */
function admit(
  transport: WsTransport,
  visitor: Visitor,
  { sessions, log }: Pick<UpgradeParts, 'sessions' | 'log'>,
): Session | undefined {
  try {
    return sessions.admit(transport, visitor);
  } catch (err) {
    log.error({ err }, 'a session could not begin');
    transport.close(CLOSE.internal);
    return undefined;
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
