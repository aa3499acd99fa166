import type { ClientMessage, ServerMessage } from '../wire/messages.ts';
import type { Address } from './address.ts';
import { type AfterLoss, afterLoss, type Loss, type Patience, UNAUTHORIZED } from './after-loss.ts';
import { Liveness } from './liveness.ts';
import type { TokenSource } from './token.ts';

/** Whether the server can be talked to. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online'; readonly inputSampleRate: number; readonly outputSampleRate: number }
  /** It broke; the next attempt (the first is 1) is in so many milliseconds. */
  | {
      readonly kind: 'reconnecting';
      readonly attempt: number;
      readonly inMs: number;
      readonly closeCode: number;
    }
  /** The server will not have this client: there is no use in trying again. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Closed by us, or by the server because nobody said anything for long. `connect()` opens it. */
  | { readonly kind: 'closed'; readonly reason: 'ours' | 'idle' };

/** The part of the WebSocket interface that is used; the `ws` package has it, too. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
}

/** Makes a {@link Socket}. */
export type SocketClass = new (url: string) => Socket;

/** What a {@link Connection} needs. */
export interface ConnectionParts {
  readonly address: Address;
  readonly socketClass: SocketClass;
  readonly tokens: TokenSource;
  /** Whether to bring a token: from the first attempt on, once the server has refused without, or never. */
  readonly authentication: 'always' | 'when_asked' | 'never';
  readonly patience: Patience;
  readonly pingEveryMs: number;
  /** Told what goes over the socket, before anybody looks at it. */
  readonly onWire: (direction: 'sent' | 'received', data: unknown) => void;
  readonly read: (data: unknown) => ServerMessage | undefined;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** An attempt that has brought no greeting after this time has failed. */
const CONNECT_WITHIN_MS = 10_000;

/** A connection that was good for so long is forgiven all failures before it. */
const LASTED_MS = 3000;

/** More than this waiting to be sent (bytes): the network is behind, and old sound and pictures are of no use. */
const MOST_BEFORE_SOUND_BYTES = 512 * 1024;

/** More than this is not kept waiting, whatever it is (bytes). */
const MOST_WAITING_BYTES = 2 * 1024 * 1024;

/** An error explains a close that comes this soon after it. */
const EXPLAINS_WITHIN_MS = 3000;

/** No answer, or no socket to close properly. */
const ABNORMAL = 1006;
const OPEN = 1;

/** One attempt at a connection, from its token to its end. */
interface Attempt {
  readonly ended: AbortController;
  socket?: Socket;
  /** Bytes that were given to the socket. */
  given: number;
  onlineAtMs?: number;
  error?: { readonly atMs: number; readonly said: NonNullable<Loss['error']> };
}

/** The socket to the server. When it breaks it is opened again, as {@link afterLoss} says, until it is closed here. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #liveness: Liveness;
  #state: ConnectionState = { kind: 'closed', reason: 'ours' };
  #attempt: Attempt | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #withToken: boolean;
  #renewed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#withToken = parts.authentication === 'always';
    this.#liveness = new Liveness(parts.pingEveryMs, {
      ping: () => this.send({ type: 'ping' }),
      traffic: () => {
        const { given = 0, socket } = this.#attempt ?? {};
        return { given, gone: given - (socket?.bufferedAmount ?? 0) };
      },
      onDead: () => this.#lose(ABNORMAL),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects now, unless it already does. After a refusal it tries again from the start. */
  open(): void {
    if (this.#attempt !== undefined) return;
    if (this.#state.kind === 'refused') this.#renewed = false;
    clearTimeout(this.#retryTimer);
    this.#setState({ kind: 'connecting' });
    // A listener of the state may have closed it again.
    if (this.#state.kind === 'connecting' && this.#attempt === undefined) void this.#dial();
  }

  /** Closes for good, until it is opened again. */
  close(): void {
    clearTimeout(this.#retryTimer);
    this.#drop('Client disconnect');
    this.#failures = 0;
    if (this.#state.kind !== 'closed') this.#setState({ kind: 'closed', reason: 'ours' });
  }

  /** Sends a message. @returns false if there is no connection, or it is far behind: sound and pictures first. */
  send(message: ClientMessage): boolean {
    const attempt = this.#attempt;
    const socket = attempt?.socket;
    if (this.#state.kind !== 'online' || attempt === undefined || socket?.readyState !== OPEN) return false;
    const waiting = socket.bufferedAmount;
    const ages = message.type === 'audio' || message.type === 'image';
    if (waiting > (ages ? MOST_BEFORE_SOUND_BYTES : MOST_WAITING_BYTES)) return false;
    try {
      const text = JSON.stringify(message);
      socket.send(text);
      attempt.given += Math.max(0, socket.bufferedAmount - waiting);
      this.#parts.onWire('sent', text);
      return true;
    } catch {
      return false; // it has just broken; its close event says so
    }
  }

  /** The network, or the machine, may have slept: makes sure at once that the connection lives. */
  check(): void {
    if (this.#state.kind === 'reconnecting') this.open();
    else if (this.#state.kind === 'online') this.#liveness.probe();
  }

  async #dial(): Promise<void> {
    const attempt: Attempt = { ended: new AbortController(), given: 0 };
    this.#attempt = attempt;
    const impatience = setTimeout(() => this.#lose(ABNORMAL, attempt), CONNECT_WITHIN_MS);
    attempt.ended.signal.addEventListener('abort', () => clearTimeout(impatience));
    const url = new URL(this.#parts.address.socket);
    if (this.#withToken) {
      const answer = await this.#parts.tokens.get(attempt.ended.signal);
      if (attempt.ended.signal.aborted) return;
      if (answer.kind === 'token') url.searchParams.set('token', answer.token);
      if (answer.kind === 'later') {
        const { retryAfterMs } = answer;
        if (retryAfterMs !== undefined) note(attempt, { code: 'rate_limited', message: '', retryAfterMs });
        this.#lose(ABNORMAL, attempt);
        return;
      }
    }
    try {
      attempt.socket = this.#listen(attempt, new this.#parts.socketClass(url.href), impatience);
    } catch (error) {
      // A page over https may not open ws: addresses, for one.
      this.#drop();
      this.#setState({ kind: 'refused', code: 'bad_address', message: String(error) });
    }
  }

  #listen(attempt: Attempt, socket: Socket, impatience: ReturnType<typeof setTimeout>): Socket {
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('error', () => undefined); // the close that follows says all
    socket.addEventListener('close', ({ code }) => this.#lose(code, attempt));
    socket.addEventListener('message', ({ data }) => {
      if (attempt !== this.#attempt) return;
      this.#liveness.heard();
      this.#parts.onWire('received', data);
      if (attempt !== this.#attempt) return; // who listens has closed it
      const message = this.#parts.read(data);
      if (message === undefined) return;
      if (message.type === 'error') note(attempt, message);
      if (message.type === 'config') {
        clearTimeout(impatience);
        attempt.onlineAtMs ??= performance.now();
        this.#liveness.start();
        this.#setState({ kind: 'online', ...message.audio });
      }
      if (attempt === this.#attempt) this.#parts.onMessage(message);
    });
    return socket;
  }

  /** The attempt has ended, however. */
  #lose(code: number, attempt = this.#attempt): void {
    if (attempt === undefined || attempt !== this.#attempt) return;
    const { onlineAtMs, error } = attempt;
    this.#drop();
    const nowMs = performance.now();
    const lasted = onlineAtMs !== undefined && nowMs - onlineAtMs >= LASTED_MS;
    // The token was good; who is let in and turned away at once is not to come again and again.
    if (lasted || (onlineAtMs !== undefined && code !== UNAUTHORIZED)) this.#renewed = false;
    const explained = error !== undefined && nowMs - error.atMs < EXPLAINS_WITHIN_MS;
    const loss = explained ? { code, lasted, error: error.said } : { code, lasted };
    const renewed = this.#renewed || this.#parts.authentication === 'never';
    const history = { failures: this.#failures, renewed };
    this.#follow(afterLoss(loss, history, this.#parts.patience, Math.random), loss);
  }

  #follow(next: AfterLoss, { code, lasted }: Loss): void {
    this.#failures = lasted ? 1 : this.#failures + 1;
    switch (next.kind) {
      case 'renew':
        this.#parts.tokens.drop();
        this.#withToken = true;
        this.#renewed = true;
        this.#wait(0, code);
        break;
      case 'retry':
        this.#wait(next.inMs, code);
        break;
      case 'refused':
        this.#setState(next);
        break;
      case 'rest':
        this.#setState({ kind: 'closed', reason: 'idle' });
        break;
    }
  }

  #wait(inMs: number, closeCode: number): void {
    this.#retryTimer = setTimeout(() => this.open(), inMs);
    this.#setState({ kind: 'reconnecting', attempt: this.#failures, inMs, closeCode });
  }

  /** Lets the running attempt go, without a word to anybody. */
  #drop(reason?: string): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#liveness.stop();
    attempt?.ended.abort();
    try {
      attempt?.socket?.close(1000, reason);
    } catch {
      // some sockets throw when they are closed before they opened
    }
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#parts.onState(state);
  }
}

function note(attempt: Attempt, said: NonNullable<Loss['error']>): void {
  attempt.error = { atMs: performance.now(), said };
}
