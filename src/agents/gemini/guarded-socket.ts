import { WebSocket } from 'ws';
import type { AgentError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import { refusedError, silentError, unreachableError } from './live-errors.ts';

/** A message may be so large: more than ten minutes of sound in one piece. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Sound that waits for a provider that does not read: about 20 s of it. Then the connection is as good as gone. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** After this long without a sign of life a ping asks for one. */
const PING_AFTER_MS = 30_000;

/** Pongs take 8 to 30 s on a healthy connection: only three times the longest of it is an answer. */
const DEAD_AFTER_MS = 120_000;

/** The provider answers a close at once; one that does not is cut off. */
const CLOSE_PATIENCE_MS = 1000;

/** What the SDK wants to hear from its socket. */
export interface SocketCallbacks {
  onopen(): void;
  onmessage(event: { readonly data: string }): void;
  onerror(event: { readonly message: string }): void;
  onclose(event: { readonly code: number; readonly reason: string }): void;
}

/** What happens to the socket besides; `onFailure` at most once. */
export interface SocketOptions {
  readonly clock: Clock;
  /** Why there will be no connection, or none any more, where a close code could not say it. */
  readonly onFailure: (error: AgentError) => void;
  /** A message came that the SDK cannot take. */
  readonly onUnreadable: () => void;
}

/**
 * The SDK's socket, with what the SDK leaves out: HTTP statuses become errors, a handshake can be given up, a dead peer
 * is noticed, and only messages the SDK can take reach it (it parses them in a promise that nobody awaits: what throws
 * there would end the process).
 */
export class GuardedSocket {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #callbacks: SocketCallbacks;
  readonly #options: SocketOptions;
  readonly #closed = Promise.withResolvers<void>();
  #ws: WebSocket | undefined;
  #opened = false;
  #failed = false;
  #heardAt: number;
  #cancelTimer: () => void = () => undefined;

  constructor(
    url: string,
    headers: Readonly<Record<string, string>>,
    callbacks: SocketCallbacks,
    options: SocketOptions,
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#callbacks = callbacks;
    this.#options = options;
    this.#heardAt = options.clock.now();
  }

  /** Starts to connect. Called once, by the SDK. */
  connect(): void {
    const ws = new WebSocket(this.#url, {
      headers: this.#headers,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.#ws = ws;
    ws.on('open', () => {
      this.#opened = true;
      this.#watch();
      this.#callbacks.onopen();
    });
    ws.on('message', (data) => {
      this.#heard();
      const text = String(data);
      if (isTakeable(text)) this.#callbacks.onmessage({ data: text });
      else this.#options.onUnreadable();
    });
    ws.on('pong', () => this.#heard());
    ws.on('unexpected-response', (request, { statusCode = 0, headers }) => {
      this.#fail(refusedError(statusCode, headers['retry-after']));
      request.destroy();
    });
    ws.on('error', (error) => {
      if (!this.#opened) this.#fail(unreachableError(error));
      this.#callbacks.onerror({ message: 'socket error' });
    });
    ws.on('close', (code, reason) => {
      this.#cancelTimer();
      this.#closed.resolve();
      this.#callbacks.onclose({ code, reason: String(reason) });
    });
  }

  /** Sends text; into a socket that is closing it is lost. */
  send(message: string): void {
    const ws = this.#ws;
    if (ws?.readyState !== WebSocket.OPEN) return;
    ws.send(message);
    if (ws.bufferedAmount <= MAX_WAITING_BYTES) return;
    this.#fail(silentError('it does not read what it is sent'));
    ws.terminate();
  }

  /** Says goodbye, and cuts off a peer that does not answer. May be called in any state. */
  close(): void {
    const ws = this.#ws;
    if (ws === undefined) {
      this.#closed.resolve();
      return;
    }
    if (ws.readyState === WebSocket.CLOSED) return;
    this.#cancelTimer();
    if (ws.readyState === WebSocket.CONNECTING) {
      ws.terminate();
      return;
    }
    ws.close(1000);
    const { clock } = this.#options;
    this.#cancelTimer = clock.at(clock.now() + CLOSE_PATIENCE_MS, () => ws.terminate());
  }

  /** Resolves when the socket is closed on both sides, or was never opened. Never rejects. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  #fail(error: AgentError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailure(error);
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.now();
  }

  /** Looks after the peer every so often, as long as the socket is open. */
  #watch(): void {
    const { clock } = this.#options;
    this.#heard();
    const look = () => {
      const silentMs = clock.now() - this.#heardAt;
      if (silentMs >= DEAD_AFTER_MS) {
        this.#fail(silentError('no sign of life'));
        this.#ws?.terminate();
        return;
      }
      if (silentMs >= PING_AFTER_MS) this.#ws?.ping();
      this.#cancelTimer = clock.at(clock.now() + PING_AFTER_MS, look);
    };
    this.#cancelTimer = clock.at(clock.now() + PING_AFTER_MS, look);
  }
}

/**
 * Whether the SDK can take a message without throwing: a JSON object, and none that would write to the two names its
 * message class only lets read.
 */
function isTakeable(text: string): boolean {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && !('text' in message) && !('data' in message);
  } catch {
    return false;
  }
}
