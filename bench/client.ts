import { once } from 'node:events';
import WebSocket from 'ws';
import { monotonicMs } from './monotonic.ts';
import { encodeOrder, type Order } from './order.ts';

const SYNC_FRAME = Buffer.from('{"type":"sync_frame"');
const AUDIO_END = Buffer.from('{"type":"audio_end"');
const FRAME_INDEX = /"frameIndex":(\d+)(,"filler":true)?,"timestamp":\d+\}$/;
const TAIL_BYTES = 80;

/** An answer that has not ended so long after it should have is given up. */
const PATIENCE_MS = 10_000;

/** Connections opened at the same time: a crowd would measure the listen queue. */
const CROWD = 25;

/** What a client saw of one answer. */
export interface SeenAnswer {
  /** When each `sync_frame` came, by {@link monotonicMs}. */
  readonly arrivedAtMs: readonly number[];
  /** Frames that were not the successor of the one before (lost, doubled or out of order). */
  readonly misplaced: number;
  /** Frames of silence the server put in because it had no sound in time. */
  readonly fillers: number;
  /** The `sync_frame` messages themselves, where the client was told to keep them. */
  readonly messages: readonly Buffer[];
}

/** A client that looks at nothing but the time and the number of each frame. Whoever connects it closes it. */
export class Client {
  readonly #socket: WebSocket;
  #seen = nothing();
  readonly #keeps: boolean;
  #answer = Promise.withResolvers<void>();

  private constructor(socket: WebSocket, keeps: boolean) {
    this.#socket = socket;
    this.#keeps = keeps;
    socket.on('message', (data: Buffer) => this.#receive(data, monotonicMs()));
    socket.on('close', () => this.#answer.reject(new Error('the server closed the connection')));
    this.#answer.promise.catch(() => undefined); // nobody waits for an answer yet
  }

  /** Opens a connection to a child on this machine; `keep` leaves the messages in what was seen. */
  static async connect(port: number, { keep = false } = {}): Promise<Client> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
    await once(socket, 'open');
    return new Client(socket, keep);
  }

  /** Opens many, a few at a time. */
  static async connectMany(port: number, count: number): Promise<Client[]> {
    const clients: Client[] = [];
    while (clients.length < count) {
      const crowd = Array.from({ length: Math.min(CROWD, count - clients.length) }, () =>
        Client.connect(port),
      );
      clients.push(...(await Promise.all(crowd)));
    }
    return clients;
  }

  /** Orders an answer, and resolves when it has come to its end. One at a time. */
  async hear(order: Order): Promise<SeenAnswer> {
    this.#seen = nothing();
    this.#answer = Promise.withResolvers<void>();
    const { promise, reject } = this.#answer;
    const longestMs = order.pauseMs + order.durationMs * Math.max(1, order.everyMs / order.pieceMs);
    const giveUp = () => reject(new Error(`answer ${order.id} did not end`));
    const timer = setTimeout(giveUp, longestMs + PATIENCE_MS);
    this.#socket.send(encodeOrder(order));
    await promise.finally(() => clearTimeout(timer));
    return this.#seen;
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer, atMs: number): void {
    if (startsWith(data, SYNC_FRAME)) {
      const seen = this.#seen;
      const match = FRAME_INDEX.exec(data.toString('latin1', data.length - TAIL_BYTES));
      if (Number(match?.[1]) !== seen.arrivedAtMs.length) seen.misplaced += 1;
      if (match?.[2] !== undefined) seen.fillers += 1;
      seen.arrivedAtMs.push(atMs);
      if (this.#keeps) seen.messages.push(data);
    } else if (startsWith(data, AUDIO_END)) {
      this.#answer.resolve();
    }
  }
}

function nothing() {
  return { arrivedAtMs: [] as number[], misplaced: 0, fillers: 0, messages: [] as Buffer[] };
}

function startsWith(data: Buffer, start: Buffer): boolean {
  return data.length >= start.length && start.compare(data, 0, start.length) === 0;
}
