import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type App, type AppOverrides, createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config/config.ts';
import { type Logger, silentLogger } from '../../src/log.ts';
import type { Received } from './session.ts';

/** A real server on a free port of this machine. */
export interface RunningApp {
  readonly app: App;
  readonly port: number;
  readonly http: string;
  readonly ws: string;
}

/**
 * Starts the real server; `environment` as a user would set it, but that all of a test's clients come from one address, so
 * connects are not counted unless it says so. The caller closes `app`.
 */
export async function runApp(
  environment: Readonly<Record<string, string>> = {},
  overrides: AppOverrides = {},
  log: Logger = silentLogger(),
): Promise<RunningApp> {
  // Many tests connect from one address; a busy machine that tests share is no overload; a model takes a process and half a second.
  const local = {
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: '0',
    AUTH_ENABLE_RATE_LIMITING: 'false',
    MAX_LOOP_DELAY_MS: '0',
    FACE_ENGINE: 'loudness',
  };
  const config = parseConfig({ ...local, ...environment });
  const app = await createApp(config, log, overrides);
  const { port } = await app.listen();
  return { app, port, http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws` };
}

/** Headers of the handshake. */
type Headers = Readonly<Record<string, string>>;

/** A client on a real socket that keeps all it receives. */
export class TestClient {
  readonly received: Received[] = [];
  readonly socket: WebSocket;
  #watchers: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(url: string, headers: Headers) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data) => {
      this.received.push(JSON.parse(String(data)) as Received);
      this.#look();
    });
    this.socket.on('error', () => undefined); // the close that follows is what tests look at
  }

  /** Connects, and resolves with the socket open. */
  static async connect(url: string, headers: Headers = {}): Promise<TestClient> {
    const client = new TestClient(url, headers);
    await once(client.socket, 'open');
    return client;
  }

  /** Sends a JSON message. */
  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Messages of one type so far. */
  of(type: string): Received[] {
    return this.received.filter((message) => message.type === type);
  }

  /** Resolves when `isDone` holds, which is looked at after every message; rejects after `withinMs`. */
  async until(isDone: () => boolean, withinMs = 15_000): Promise<void> {
    if (isDone()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const types = () => this.received.map(({ type }) => type).slice(-10);
    const timer = setTimeout(
      () => reject(new Error(`not within ${withinMs} ms; last: ${types()}`)),
      withinMs,
    );
    this.#watchers.push({ isDone, resolve });
    await promise.finally(() => clearTimeout(timer));
  }

  /** Resolves with the code when the socket has closed. */
  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close')) as [number];
    return code;
  }

  /** Closes as the widget does. */
  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close(1000, 'Client disconnect');
    await once(this.socket, 'close');
  }

  #look(): void {
    const done = this.#watchers.filter(({ isDone }) => isDone());
    this.#watchers = this.#watchers.filter((watcher) => !done.includes(watcher));
    for (const { resolve } of done) resolve();
  }
}
