import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { OpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { AgentError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import {
  closed,
  endsSession,
  type ProviderFault,
  readFault,
  refused,
  sessionFault,
  unreachable,
} from './errors.ts';
import { Liveness } from './liveness.ts';
import { asObject, textIn, type Wire } from './wire.ts';

/** The largest event taken: five minutes of sound at once. A larger one ends the connection. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;

/** A server that does not answer our closing gets this long. */
const CLOSE_PATIENCE_MS = 500;

/** Where what happens on a {@link Connection} goes. */
export interface ConnectionListener {
  /** An event of the server's, `error` events included. */
  onEvent(event: Wire): void;
  /** Something that is no event. */
  onGarbage(): void;
  /** It ended, or could not be made; nothing follows. Not called after `close`. */
  onGone(error: AgentError): void;
  /** Whether the server owes a piece of an answer. */
  answering(): boolean;
}

/** What a {@link Connection} needs. */
export interface ConnectionOptions {
  readonly client: OpenAI;
  readonly model: string;
  readonly clock: Clock;
  readonly listener: ConnectionListener;
}

/** One Realtime WebSocket, from its handshake to its end. Whoever made it closes it. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #realtime: OpenAIRealtimeWS;
  readonly #liveness: Liveness;
  #over = false;
  #isOpen = false;
  #lastFault: ProviderFault | undefined;
  #cause: unknown;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { client, model, clock, listener } = options;
    this.#realtime = new OpenAIRealtimeWS({ model, options: socketOptions(client.baseURL) }, client);
    const { socket } = this.#realtime;
    this.#liveness = new Liveness({
      clock,
      answering: () => listener.answering(),
      ping: () => this.#isOpen && socket.ping(),
      onDead: (why) =>
        this.#end(new AgentError('agent_lost', `OpenAI fell silent: ${why}`, { retryable: true })),
    });
    this.#realtime.on('event', (event) => this.#receive(event));
    this.#realtime.on('error', ({ error, cause }) => {
      // The SDK reports here what the API says, what the socket says, and what is no event at all.
      if (error !== undefined) return;
      if (cause instanceof SyntaxError || cause instanceof TypeError) listener.onGarbage();
      else this.#cause = cause;
    });
    socket.on('open', () => {
      this.#isOpen = true;
    });
    socket.on('pong', () => this.#liveness.sign());
    socket.on('unexpected-response', (_request: ClientRequest, response: IncomingMessage) => {
      response.resume();
      this.#end(refused(response.statusCode ?? 0, response.headers['retry-after'], clock.wallNow()));
    });
    socket.on('close', (code) => {
      this.#end(this.#isOpen ? closed(code, this.#lastFault, this.#cause) : unreachable(this.#cause));
    });
  }

  /** Sends an event; one for a connection that has ended is dropped. */
  send(event: RealtimeClientEvent): void {
    if (this.#over || this.#realtime.socket.readyState !== this.#realtime.socket.OPEN) return;
    this.#realtime.send(event);
  }

  /** The server was asked for an answer: its time to make it begins now. */
  expectAnswer(): void {
    this.#liveness.event();
  }

  /** Stops reading, so that the server's sending is held up by the network. */
  pause(): void {
    if (this.#over) return;
    this.#liveness.pause();
    this.#realtime.socket.pause();
  }

  /** Reads again. */
  resume(): void {
    if (this.#over) return;
    this.#liveness.resume();
    this.#realtime.socket.resume();
  }

  /** Ends it; resolves when the socket is closed. */
  close(): Promise<void> {
    const { socket } = this.#realtime;
    this.#over = true;
    this.#liveness.stop();
    if (socket.readyState === socket.CLOSED) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    // A real timer: this bounds how long a dead peer holds a file descriptor, whatever the conversation's clock does.
    const impatience = setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS);
    socket.once('close', () => {
      clearTimeout(impatience);
      resolve();
    });
    if (socket.isPaused) socket.resume();
    if (this.#isOpen) this.#realtime.close();
    else socket.terminate();
    return promise;
  }

  #receive(data: unknown): void {
    const event = asObject(data);
    if (this.#over || event === undefined) return;
    this.#liveness.event();
    if (textIn(event, 'type') === 'error') {
      const fault = readFault(event);
      this.#lastFault = fault;
      if (endsSession(fault)) {
        this.#end(sessionFault(fault));
        return;
      }
    }
    this.#options.listener.onEvent(event);
  }

  #end(error: AgentError): void {
    if (this.#over) return;
    this.#over = true;
    this.#liveness.stop();
    this.#realtime.socket.terminate();
    this.#options.listener.onGone(error);
  }
}

/** The SDK speaks `wss` only; an address with http (a proxy on this machine, a test's fake) gets a plain connection. */
function socketOptions(baseUrl: string): { maxPayload: number; createConnection?: typeof connect } {
  const { protocol, hostname, port } = new URL(baseUrl);
  if (protocol !== 'http:') return { maxPayload: MAX_EVENT_BYTES };
  const host = hostname.replace(/^\[|\]$/g, '');
  const plain = () => connect({ host, port: port === '' ? 80 : Number(port) });
  return { maxPayload: MAX_EVENT_BYTES, createConnection: plain as typeof connect };
}
