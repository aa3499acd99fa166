import type { FromServer, ToServer } from './messages.js';

/** Whether the server can be talked to: `online` from its greeting on; `offline` while waiting to try again. */
export type Link = 'connecting' | 'online' | 'offline';

/** Waits between attempts: the first, and the longest after doubling. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** An attempt that takes longer has failed. */
const CONNECT_WITHIN_MS = 10_000;

/** A ping goes out this often; a server that has said nothing since the last one is gone. */
const PING_EVERY_MS = 20_000;

/** The close code of a server that wants a token. */
const UNAUTHORIZED = 1008;

/** What a {@link Connection} tells. */
export interface ConnectionListener {
  onLink(link: Link): void;
  onMessage(message: FromServer): void;
}

/** The WebSocket to the server. Whenever it breaks it is opened again, with growing patience, for as long as the page lives. */
export class Connection {
  readonly #url: URL;
  readonly #listener: ConnectionListener;
  #socket: WebSocket | undefined;
  #link: Link = 'offline';
  #waitMs = FIRST_WAIT_MS;
  /** The server has asked for this much peace before the next attempt. */
  #retryAfterMs = 0;
  #retryTimer: number | undefined;
  #heardSincePing = false;

  /** @param url where the server speaks WebSocket (ws: or wss:). */
  constructor(url: URL, listener: ConnectionListener) {
    this.#url = url;
    this.#listener = listener;
    window.addEventListener('online', () => this.open());
    window.setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** Connects now, unless it already does. */
  open(): void {
    if (this.#socket !== undefined) return;
    window.clearTimeout(this.#retryTimer);
    this.#setLink('connecting');
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    const impatience = window.setTimeout(() => this.#lose(socket), CONNECT_WITHIN_MS);
    socket.addEventListener('open', () => window.clearTimeout(impatience));
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (socket === this.#socket) this.#receive(JSON.parse(data) as FromServer);
    });
    socket.addEventListener('close', ({ code }) => {
      window.clearTimeout(impatience);
      this.#lose(socket, code);
    });
  }

  /** Sends a message; while there is no connection it is dropped. */
  send(message: ToServer): void {
    if (this.#link === 'online') this.#socket?.send(JSON.stringify(message));
  }

  #receive(message: FromServer): void {
    this.#heardSincePing = true;
    if (message.type === 'error' && message.retryAfterMs !== undefined)
      this.#retryAfterMs = message.retryAfterMs;
    if (message.type === 'config') {
      this.#waitMs = FIRST_WAIT_MS;
      this.#retryAfterMs = 0;
    }
    this.#listener.onMessage(message);
    if (message.type === 'config') this.#setLink('online');
  }

  #lose(socket: WebSocket, code?: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    socket.close();
    this.#setLink('offline');
    const waitMs = Math.max(this.#retryAfterMs, this.#waitMs * (0.75 + 0.5 * Math.random()));
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    this.#retryTimer = window.setTimeout(() => void this.#retry(code), waitMs);
  }

  async #retry(code?: number): Promise<void> {
    if (code === UNAUTHORIZED) {
      const token = await fetchToken();
      if (token === undefined) this.#url.searchParams.delete('token');
      else this.#url.searchParams.set('token', token);
    }
    this.open();
  }

  #ping(): void {
    if (this.#link !== 'online' || this.#socket === undefined) return;
    if (!this.#heardSincePing) {
      this.#lose(this.#socket);
      return;
    }
    this.#heardSincePing = false;
    this.send({ type: 'ping' });
  }

  #setLink(link: Link): void {
    this.#link = link;
    this.#listener.onLink(link);
  }
}

/** A token for the WebSocket, if the server gives one to this page. */
async function fetchToken(): Promise<string | undefined> {
  try {
    const response = await fetch('./api/auth/token', { method: 'POST' });
    return response.ok ? ((await response.json()) as { token: string }).token : undefined;
  } catch {
    return undefined; // the next attempt will tell
  }
}
