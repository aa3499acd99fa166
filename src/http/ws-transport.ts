import type { WebSocket } from 'ws';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { Transport } from '../session/outbox.ts';
import type { CancelTimer, Clock } from '../time/clock.ts';

/** A ping goes out this often, the first after a random part of it, so that sockets do not all ping at once. */
const PING_EVERY_MS = 10_000;

/** A client whose pong is this late does not read: the kernel hides megabytes of unread frames from us. */
const PONG_WITHIN_MS = 10_000;

/** After our close frame the client has this long to answer it. */
const CLOSE_WITHIN_MS = 2000;

/** A WebSocket as the session sees it, with a heartbeat. Ends with the socket. */
export class WsTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #cancelTimer: CancelTimer;

  constructor(socket: WebSocket, clock: Clock, random: () => number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#cancelTimer = clock.at(clock.now() + PING_EVERY_MS * random(), () => this.#ping());
    socket.on('pong', () => {
      // Not while closing: the deadline for that must stand.
      if (socket.readyState === socket.OPEN) this.#after(PING_EVERY_MS, () => this.#ping());
    });
    socket.on('close', () => this.#cancelTimer());
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // A failed write is followed by the socket's own close event.
    this.#socket.send(text, () => undefined);
  }

  close({ code, reason }: CloseReason): void {
    if (this.#socket.readyState > this.#socket.OPEN) return;
    this.#socket.close(code, reason);
    this.#after(CLOSE_WITHIN_MS, () => this.#socket.terminate());
  }

  #ping(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.ping();
    this.#after(PONG_WITHIN_MS, () => this.close(CLOSE.slowReader));
  }

  /** One timer at a time: what comes next replaces what was planned. */
  #after(ms: number, callback: () => void): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.at(this.#clock.now() + ms, callback);
  }
}
