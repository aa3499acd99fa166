import type { Socket } from '../../client/src/link/connection.ts';

/** A socket without a network: a test says what comes, and how much of what was sent has gone out. */
export class FakeSocket implements Socket {
  binaryType = '';
  readyState = 1;
  bufferedAmount = 0;
  readonly url: string;
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[] = [];
  readonly #listeners: Partial<Record<string, (event: never) => void>> = {};

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners[type] = listener;
  }

  send(text: string): void {
    this.bufferedAmount += text.length;
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  /** The server says something. */
  say(message: object): void {
    this.#listeners['message']?.({ data: JSON.stringify(message) } as never);
  }

  /** The server closes. */
  end(code: number): void {
    this.readyState = 3;
    this.#listeners['close']?.({ code } as never);
  }
}

/** A class of sockets that keeps those it has made, for a client that is told which class to use. */
export function fakeSockets(onMade: (socket: FakeSocket, count: number) => void = () => undefined): {
  readonly made: FakeSocket[];
  readonly Class: new (url: string) => FakeSocket;
} {
  const made: FakeSocket[] = [];
  const Class = class extends FakeSocket {
    constructor(url: string) {
      super(url);
      made.push(this);
      queueMicrotask(() => onMade(this, made.length));
    }
  };
  return { made, Class };
}
