import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FunctionResponse } from '@google/genai';
import { WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../time/clock.ts';
import { FakeGeminiConnection, type GeminiConversation } from './fake-gemini-connection.ts';
import type { GeminiSetup } from './fake-gemini-setup.ts';
import { complete, type GeminiSteps, speech, words } from './fake-gemini-steps.ts';

/** Somebody wants to connect. */
export interface GeminiAttempt {
  /** Counted from 1. */
  readonly number: number;
  /** As the address has them. */
  readonly apiVersion: string;
  readonly apiKey: string;
}

/** What becomes of an attempt: `hang` never answers, `reset` breaks the TCP connection, an object is an HTTP answer. */
export type GeminiWelcome =
  | 'accept'
  | 'hang'
  | 'reset'
  | { readonly status: number; readonly retryAfterS?: number };

/** What becomes of a correct setup. */
export type GeminiVerdict = 'accept' | 'silent' | { readonly code: number; readonly reason: string };

/** How a fake Gemini behaves. What is left out is as on a good day. */
export interface GeminiScript {
  /** The only key that is valid; unset: any. With another, it closes as the API does: 1007, with a reason. */
  readonly apiKey?: string;
  readonly onConnect?: (attempt: GeminiAttempt) => GeminiWelcome;
  readonly onSetup?: (setup: GeminiSetup, connection: FakeGeminiConnection) => GeminiVerdict;
  /** Typed text. Without it: 600 ms of a tone, and words that repeat the text. */
  readonly onText?: (text: string, connection: FakeGeminiConnection) => GeminiSteps | undefined;
  /** A piece of the user's sound. */
  readonly onAudio?: (pcm: Int16Array, connection: FakeGeminiConnection) => GeminiSteps | undefined;
  /** Functions were answered. */
  readonly onToolResponse?: (
    responses: readonly FunctionResponse[],
    connection: FakeGeminiConnection,
  ) => GeminiSteps | undefined;
  /** Whether it answers pings; true unless given. */
  readonly pongs?: boolean;
  /** Drives pauses; the machine's clock unless given. */
  readonly clock?: Clock;
}

/** The Live API's address, in whatever version; the SDK puts a second slash in front of it. */
const LIVE_PATH =
  /^\/+ws\/google\.ai\.generativelanguage\.(v[0-9a-z]+)\.GenerativeService\.BidiGenerateContent$/;

/**
 * A Gemini Live API on this machine that does what a script says: for tests and demonstrations without a key. It speaks
 * the wire protocol of the official SDK, checks setups as strictly as the API, hands out handles after every turn, and
 * knows the conversations they resume, for which the connection before must be closed.
 *
 * ```ts
 * const gemini = await FakeGemini.start({ onText: () => [speech(500), words('Hello.'), complete()] });
 * // GOOGLE_GEMINI_BASE_URL=gemini.url
 * await gemini.close();
 * ```
 */
export class FakeGemini {
  /** Every connection that was accepted, in order, the closed ones included. */
  readonly connections: FakeGeminiConnection[] = [];
  /** Every attempt, whatever became of it. */
  readonly attempts: GeminiAttempt[] = [];
  /** What it does; may be replaced at any time. */
  script: GeminiScript;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #sockets = new Set<Socket>();
  readonly #conversations = new Map<string, GeminiConversation>();
  #conversationCount = 0;
  #handles = 0;
  #watchers: (() => void)[] = [];

  private constructor(script: GeminiScript) {
    this.script = script;
    this.#webSockets = new WebSocketServer({ noServer: true, autoPong: script.pongs ?? true });
    this.#server = createServer((_request, response) => response.writeHead(404).end());
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // the other side may break off as it likes
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request, socket, head) => this.#welcome(request, socket as Socket, head));
  }

  /** Starts one; without `port`, on a free port of 127.0.0.1. The caller closes it. */
  static async start(script: GeminiScript = {}, port = 0): Promise<FakeGemini> {
    const fake = new FakeGemini(script);
    fake.#server.listen(port, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** Its port. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on a port, not on a pipe
  }

  /** Its address, for GOOGLE_GEMINI_BASE_URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * The newest connection.
   *
   * @throws Error if there was none.
   */
  get connection(): FakeGeminiConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('nobody has connected to the fake Gemini');
    return last;
  }

  /** Resolves when `happened` holds, which is looked at whenever something changes; rejects after `withinMs`. */
  async until(happened: () => boolean, withinMs = 10_000): Promise<void> {
    if (happened()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`not within ${withinMs} ms: ${happened}`)), withinMs);
    const look = () => (happened() ? resolve() : void this.#watchers.push(look));
    this.#watchers.push(look);
    await promise.finally(() => clearTimeout(timer));
  }

  /** Breaks every connection and stops to listen. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #welcome(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // Not parsed as a relative address: two slashes in front would make its first part a host.
    const url = new URL(`http://gemini${request.url ?? '/'}`);
    const apiVersion = LIVE_PATH.exec(url.pathname)?.[1];
    if (apiVersion === undefined) {
      refuse(socket, 404);
      return;
    }
    const apiKey = url.searchParams.get('key') ?? '';
    const attempt = { number: this.attempts.length + 1, apiVersion, apiKey };
    this.attempts.push(attempt);
    const welcome = this.script.onConnect?.(attempt) ?? 'accept';
    if (welcome === 'reset') socket.resetAndDestroy();
    else if (typeof welcome === 'object') refuse(socket, welcome.status, welcome.retryAfterS);
    else if (welcome === 'accept') {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.connections.push(this.#connect(webSocket, socket, apiKey));
        this.#changed();
      });
    }
    this.#changed();
  }

  #connect(
    webSocket: ConstructorParameters<typeof FakeGeminiConnection>[0]['webSocket'],
    socket: Socket,
    apiKey: string,
  ): FakeGeminiConnection {
    const connection: FakeGeminiConnection = new FakeGeminiConnection({
      number: this.connections.length + 1,
      webSocket,
      socket,
      clock: this.script.clock ?? systemClock(),
      onSetup: (setup) => this.#judge(setup, connection, apiKey),
      newHandle: () => this.#newHandle(connection),
      onText: (text) => (this.script.onText ?? echo)(text, connection),
      onAudio: (pcm) => this.script.onAudio?.(pcm, connection),
      onToolResponse: (responses) => this.script.onToolResponse?.(responses, connection),
      onChange: () => this.#changed(),
    });
    return connection;
  }

  #judge(setup: GeminiSetup, connection: FakeGeminiConnection, apiKey: string) {
    if (this.script.apiKey !== undefined && apiKey !== this.script.apiKey) {
      return { code: 1007, reason: 'API key not valid. Please pass a valid API key.' };
    }
    const verdict = this.script.onSetup?.(setup, connection) ?? 'accept';
    if (verdict !== 'accept') return verdict;
    const handle = setup.sessionResumption?.handle;
    if (handle === undefined) {
      this.#conversationCount += 1;
      return { conversation: { number: this.#conversationCount, texts: [] } };
    }
    const conversation = this.#conversations.get(handle);
    if (conversation === undefined) return { code: 1008, reason: 'BidiGenerateContent session not found' };
    const stillOpen = this.connections.some(
      (other) => other.conversation === conversation && other.closedWith === undefined,
    );
    return stillOpen ? { code: 1011, reason: 'The session is still in use.' } : { conversation };
  }

  #newHandle({ conversation }: FakeGeminiConnection): string {
    this.#handles += 1;
    const handle = `handle-${this.#handles}`;
    if (conversation !== undefined) this.#conversations.set(handle, conversation);
    return handle;
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const look of watchers) look();
  }
}

function echo(text: string): GeminiSteps {
  return [words(`You said: ${text}`), speech(600), complete()];
}

function refuse(socket: Socket, status: number, retryAfterS?: number): void {
  const retryAfter = retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`;
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n${retryAfter}\r\n`);
}
