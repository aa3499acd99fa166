import type { WebSocket } from 'ws';
import { TokenBucket } from '../auth/token-bucket.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { Transport } from '../session/outbox.ts';
import type { CancelTimer, Clock } from '../time/clock.ts';
import { Heartbeat } from './heartbeat.ts';

/** With more than this queued in the process, what paces itself waits. */
const HOLD_ABOVE_BYTES = 256 * 1024;

/** With a pong this late it waits, too: so a thin line never holds more than an interrupt can wait behind. */
const HOLD_PONG_AGE_MS = 1000;

/** A pong takes as long as this on a line that is only far away. */
const IN_TIME_MS = 250;

/**
 * Messages and pings a client may send: bursts of 2,000, then 200 a second. No honest client comes near it (sound is 10 to
 * 50 a second); it keeps what must be read, parsed and answered only to be refused from taking the process's time.
 */
const HEARD = { capacity: 2000, refillPerSecond: 200 } as const;

/** After our close frame the client has this long to answer it. */
const CLOSE_WITHIN_MS = 2000;

/** A WebSocket as the session sees it, with a heartbeat. Ends with the socket. */
export class WsTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #heartbeat: Heartbeat;
  readonly #heard: TokenBucket;
  /** Whether somebody was told to wait, and not yet to go on. */
  #holding = false;
  #heardAtMs: number;
  #onRelief: () => void = () => undefined;
  #closedWith: CloseReason | undefined;
  #cancelClosing: CancelTimer = () => undefined;

  constructor(socket: WebSocket, clock: Clock, random: () => number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#heardAtMs = clock.now();
    this.#heartbeat = new Heartbeat({
      clock,
      random,
      ping: (name) => socket.ping(name),
      onSilent: () => this.close(CLOSE.slowReader),
    });
    this.#heard = new TokenBucket(HEARD, clock.now());
    socket.on('message', () => this.#hear());
    socket.on('ping', (payload) => {
      this.#hear();
      // A failed write is followed by the socket's own close event.
      if (socket.readyState === socket.OPEN) socket.pong(payload, false, () => undefined);
    });
    socket.on('pong', (payload) => {
      this.#heartbeat.pong(payload.toString('latin1'));
      this.#relieve();
    });
    socket.on('close', () => {
      this.#heartbeat.stop();
      this.#cancelClosing();
    });
  }

  /** Why this side has closed the socket; undefined if it has not. */
  get closedWith(): CloseReason | undefined {
    return this.#closedWith;
  }

  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get lagMs(): number {
    const { pongAgeMs } = this.#heartbeat;
    return pongAgeMs > IN_TIME_MS ? pongAgeMs : 0;
  }

  congested(): boolean {
    this.#holding =
      this.#socket.bufferedAmount > HOLD_ABOVE_BYTES || this.#heartbeat.pongAgeMs > HOLD_PONG_AGE_MS;
    return this.#holding;
  }

  onRelief(listener: () => void): void {
    this.#onRelief = listener;
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text, this.#written);
    this.#heartbeat.sent(text.length); // JSON is nearly all ASCII
  }

  close(reason: CloseReason): void {
    if (this.#socket.readyState > this.#socket.OPEN) return;
    this.#closedWith = reason;
    this.#heartbeat.stop();
    this.#socket.close(reason.code, reason.reason);
    this.#cancelClosing = this.#clock.at(this.#clock.now() + CLOSE_WITHIN_MS, () => this.#socket.terminate());
  }

  #hear(): void {
    this.#heardAtMs = this.#clock.now();
    if (this.#heard.take(1, this.#heardAtMs)) return;
    this.close(CLOSE.flooding);
    this.#socket.pause(); // what else it sends is not even read
  }

  /** The kernel has taken a message, or never will: a failed write is followed by the socket's own close event. */
  readonly #written = (): void => this.#relieve();

  #relieve(): void {
    if (this.#holding && !this.congested()) this.#onRelief();
  }
}
