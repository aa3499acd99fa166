import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../time/clock.ts';
import { FakeConnection } from './fake-openai-connection.ts';
import { type FakeQuestion, type FakeStep, say } from './fake-openai-script.ts';

/**
 * What becomes of a client at the door. `status`: its handshake is refused with that HTTP status. `hang`: it gets no
 * reply at all. `drop`: its TCP connection is reset. `silent`: it gets in, and hears nothing, not even `session.created`.
 */
export type FakeDoor =
  | 'open'
  | 'hang'
  | 'drop'
  | 'silent'
  | { readonly status: number; readonly retryAfter?: string };

/** How a fake server behaves; what is left out behaves well. */
export interface FakeOpenAIOptions {
  /** What becomes of the client that comes as number `attempt`, from 0. */
  readonly door?: (attempt: number) => FakeDoor;
  /** What it says to a question; by default it repeats it. */
  readonly answer?: (question: FakeQuestion) => readonly FakeStep[];
  /** What it understands of the user's speech. */
  readonly transcribe?: () => string;
  /** The only key that is let in; any is, by default. */
  readonly apiKey?: string;
  /** Sound that still comes after an answer was cancelled. */
  readonly lateMs?: number;
  /** The time of `wait` and of paced speech. */
  readonly clock?: Clock;
}

/** A fake OpenAI Realtime server on a free port of this machine. */
export interface FakeOpenAI {
  /** What OPENAI_BASE_URL is set to. */
  readonly url: string;
  /** Everybody who got in, oldest first. */
  readonly connections: readonly FakeConnection[];
  /** How many came to the door. */
  readonly attempts: number;
  /** The newest connection; waits for connection number `index`, from 0, if it is given. */
  connection(index?: number): Promise<FakeConnection>;
  /** Ends it, and every connection. */
  close(): Promise<void>;
}

/**
 * Starts a server that speaks the GA Realtime protocol over WebSocket: it checks what it is sent as strictly as the real
 * one, hears speech by its loudness, and answers by script. For tests, demonstrations, and work without a key.
 */
export async function startFakeOpenAI(options: FakeOpenAIOptions = {}): Promise<FakeOpenAI> {
  const { door = () => 'open' as const, answer = repeat, transcribe = () => 'Something was said.' } = options;
  const clock = options.clock ?? systemClock();
  const connections: FakeConnection[] = [];
  const sockets = new Set<Socket>();
  let attempts = 0;
  let watchers: (() => void)[] = [];
  const changed = () => {
    const called = watchers;
    watchers = [];
    for (const watcher of called) watcher();
  };

  const http = createServer((_request, response) => response.writeHead(404).end());
  const wss = new WebSocketServer({ noServer: true });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => undefined); // the client went away
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const model = searchParams.get('model') ?? '';
    const place = door(attempts);
    attempts += 1;
    changed();
    if (place === 'hang') return;
    if (place === 'drop') {
      socket.resetAndDestroy();
      return;
    }
    const refusal = typeof place === 'object' ? place : refusalOf(request, pathname, model, options.apiKey);
    if (refusal !== undefined) {
      refuse(socket, refusal.status, refusal.retryAfter);
      return;
    }
    wss.handleUpgrade(request, socket, head, (webSocket) => {
      if (request.headers['openai-beta'] !== undefined) {
        const error = {
          type: 'invalid_request_error',
          code: 'beta_api_shape_disabled',
          message: 'Use the GA API.',
        };
        webSocket.send(JSON.stringify({ type: 'error', event_id: 'event_beta', error }));
        webSocket.close(4000, 'beta_api_shape_disabled');
        return;
      }
      connections.push(
        new FakeConnection({
          socket: webSocket,
          headers: request.headers,
          model,
          clock,
          answer,
          transcribe,
          lateMs: options.lateMs ?? 0,
          silent: place === 'silent',
        }),
      );
      changed();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // it listens on a port

  return {
    url: `http://127.0.0.1:${port}/v1`,
    connections,
    get attempts() {
      return attempts;
    },
    connection: async (index) => {
      while (true) {
        const found = index === undefined ? connections.at(-1) : connections[index];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => watchers.push(resolve));
      }
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      wss.close();
      http.close();
      if (http.listening) await once(http, 'close');
    },
  };
}

/** The address, the model and the key, as the real server looks at them. */
function refusalOf(request: IncomingMessage, path: string, model: string, apiKey: string | undefined) {
  if (path !== '/v1/realtime') return { status: 404, retryAfter: undefined };
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (key === undefined || (apiKey !== undefined && key !== apiKey))
    return { status: 401, retryAfter: undefined };
  return model === '' ? { status: 400, retryAfter: undefined } : undefined;
}

function refuse(socket: Socket, status: number, retryAfter: string | undefined): void {
  const after = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n${after}\r\n`);
}

function repeat({ text }: FakeQuestion): readonly FakeStep[] {
  return [say(text === '' ? 'I am here.' : `You said: ${text}`)];
}
