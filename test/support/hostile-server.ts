import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One connection of a client to a {@link HostileServer}. */
export interface Visit {
  readonly socket: WebSocket;
  /** What it connected to, with its query. */
  readonly url: string;
  /** What it has said. */
  readonly said: { readonly type: string; readonly [field: string]: unknown }[];
  /** Says anything: objects as JSON, the rest as it is. */
  say(...messages: readonly unknown[]): void;
}

/** A server of the protocol that does what a test tells it to, however wrong. */
export interface HostileServer {
  readonly url: string;
  readonly visits: Visit[];
  /** How often a token was asked for. */
  readonly tokensAsked: () => number;
  close(): Promise<void>;
}

export const GREETING = { type: 'config', audio: { inputSampleRate: 24_000, outputSampleRate: 24_000 } };

/** How a {@link HostileServer} behaves. */
export interface Hostility {
  /** Called for every connection; without it, it greets. */
  readonly onVisit?: (visit: Visit, count: number) => void;
  readonly onMessage?: (message: Visit['said'][number], visit: Visit) => void;
  readonly onTokenRequest?: (response: ServerResponse, count: number, request: IncomingMessage) => void;
}

/** Starts one on a free port. */
export async function hostileServer(hostility: Hostility = {}): Promise<HostileServer> {
  let tokens = 0;
  const visits: Visit[] = [];
  const http = createServer((request, response) => {
    tokens += 1;
    if (hostility.onTokenRequest === undefined) response.writeHead(403).end();
    else hostility.onTokenRequest(response, tokens, request);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, request) => {
    const visit: Visit = {
      socket,
      url: request.url ?? '',
      said: [],
      say: (...messages) => {
        for (const message of messages) {
          socket.send(
            typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
          );
        }
      },
    };
    visits.push(visit);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Visit['said'][number];
      visit.said.push(message);
      hostility.onMessage?.(message, visit);
    });
    if (hostility.onVisit === undefined) visit.say(GREETING);
    else hostility.onVisit(visit, visits.length);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    visits,
    tokensAsked: () => tokens,
    close: async () => {
      for (const { socket } of visits) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
