import type { IncomingHttpHeaders } from 'node:http';
import type { RealtimeClientEvent, RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { WebSocket } from 'ws';
import type { Clock } from '../time/clock.ts';
import { type FakeConversation, fakeId } from './fake-openai-conversation.ts';
import type { ClientEventOf, FakeServerEvent } from './fake-openai-events.ts';
import type { FakeQuestion, FakeStep } from './fake-openai-script.ts';
import { FakeSession } from './fake-openai-session.ts';

/** How a connection of the fake's behaves. */
export interface FakeConnectionOptions {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  readonly model: string;
  readonly clock: Clock;
  readonly answer: (question: FakeQuestion) => readonly FakeStep[];
  readonly transcribe: () => string;
  readonly lateMs: number;
  /** Says nothing, not even `session.created`. */
  readonly silent: boolean;
}

/** One client of the fake server, as a test holds it: what it sent, and every way to disturb it. */
export class FakeConnection {
  /** The handshake's headers. */
  readonly headers: IncomingHttpHeaders;
  /** The model its address named. */
  readonly model: string;
  /** Every event the client sent, oldest first. */
  readonly received: RealtimeClientEvent[] = [];
  readonly #socket: WebSocket;
  readonly #session: FakeSession;
  readonly #silent: boolean;
  #pings = 0;
  #watchers: (() => void)[] = [];

  constructor(options: FakeConnectionOptions) {
    const { socket, answer } = options;
    this.headers = options.headers;
    this.model = options.model;
    this.#socket = socket;
    this.#silent = options.silent;
    this.#session = new FakeSession({
      ...options,
      answer: (question) => answer({ ...question, connection: this }),
      send: (event) => this.send(event),
      sendRaw: (event) => this.sendRaw(event),
      cut: (how) => this[how](),
      close: (code, reason) => this.close(code, reason),
      onChange: () => this.#changed(),
    });
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('ping', () => {
      this.#pings += 1;
      this.#changed();
    });
    socket.on('error', () => undefined); // the close that follows says all
    socket.on('close', () => {
      this.#session.drop();
      this.#changed();
    });
    if (!this.#silent) this.send({ type: 'session.created', session: this.session });
  }

  /** Whether the socket is open, as far as this end knows. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether a response is being made. */
  get answering(): boolean {
    return this.#session.answering;
  }

  /** The items, with what was cut of them. */
  get conversation(): FakeConversation {
    return this.#session.conversation;
  }

  /** Every `error` the client got, by its code. */
  get refusals(): readonly string[] {
    return this.#session.refusals;
  }

  /** The session as the client has set it up. */
  get session(): RealtimeSessionCreateRequest {
    return this.#session.settings;
  }

  /** Pings received. */
  get pings(): number {
    return this.#pings;
  }

  /** Bytes that were sent and the client has not read. */
  get unreadBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** The client's events of one type. */
  of<Type extends RealtimeClientEvent['type']>(type: Type): ClientEventOf<Type>[] {
    return this.received.filter((event): event is ClientEventOf<Type> => event.type === type);
  }

  /** Resolves when `isDone` holds; it is looked at after everything that happens on this connection. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Sends a proper event. */
  send(event: FakeServerEvent): void {
    this.sendRaw({ event_id: fakeId('event'), ...event });
  }

  /** Sends anything: an object as JSON, a text as it is. */
  sendRaw(event: unknown): void {
    if (this.isOpen) this.#socket.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  /** The user begins to speak, `audioStartMs` into the sound sent. */
  speechStarted(audioStartMs = 0): void {
    this.#session.speechStarted(audioStartMs);
  }

  /** The user has finished, and said this. */
  speechStopped(transcript: string, audioEndMs = 0): void {
    this.#session.speechStopped(audioEndMs, transcript);
  }

  /** Answers unasked, also beside another answer: two at once. */
  respondAnyway(steps: readonly FakeStep[]): void {
    this.#session.respondAnyway(steps);
  }

  /** Resets the TCP connection. */
  reset(): void {
    this.#session.drop();
    // ws keeps the TCP socket, but says nothing of it in its types.
    (this.#socket as unknown as { _socket: { resetAndDestroy(): void } | null })._socket?.resetAndDestroy();
  }

  /** Leaves the socket open, and reads and says nothing any more. */
  stall(): void {
    this.#session.drop();
    this.#socket.pause();
  }

  /** Closes the socket properly. */
  close(code: number, reason = ''): void {
    this.#session.drop();
    this.#socket.close(code, reason);
  }

  /** Ends the session as its maximum age does: an error, then the closing. */
  expire(): void {
    const message = 'Your session hit the maximum duration of 60 minutes.';
    this.#session.drop();
    this.#session.refuse({ code: 'session_expired', message });
    this.#socket.close(1001, message);
  }

  #receive(text: string): void {
    if (this.#silent) return;
    const event = parse(text);
    if (event === undefined) {
      this.#session.refuse({ code: 'invalid_json', message: 'Could not parse the event.' });
    } else {
      this.received.push(event);
      this.#session.obey(event);
    }
    this.#changed();
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

function parse(text: string): RealtimeClientEvent | undefined {
  try {
    return JSON.parse(text) as RealtimeClientEvent;
  } catch {
    return undefined;
  }
}
