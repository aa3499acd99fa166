import type { RawData, WebSocket } from 'ws';
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
 * What a client may send: bursts of 2,000 messages, pings and pongs that nobody asked for, then 200 a second; and bursts of
 * 8 MiB of messages, then 1.25 MiB a second, which is the fastest that sound (inbound-limit.ts) and pictures are taken. No
 * honest client comes near it (sound is 10 to 50 messages and at most 128 KiB a second). What is refused has to be read
 * and parsed before: this much of it, a second, takes less than a tenth of a core.
 */
const FRAMES = { capacity: 2000, refillPerSecond: 200 } as const;
const BYTES = { capacity: 8 * 1024 * 1024, refillPerSecond: 1.25 * 1024 * 1024 } as const;

/** After our close frame the client has this long to answer it. */
const CLOSE_WITHIN_MS = 2000;

/** A WebSocket as the session sees it, with a heartbeat. Ends with the socket. */
export class WsTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #heartbeat: Heartbeat;
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
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
    this.#frames = new TokenBucket(FRAMES, clock.now());
    this.#bytes = new TokenBucket(BYTES, clock.now());
    socket.on('message', (data) => {
      this.#heardAtMs = clock.now();
      this.#meter(bytesOf(data));
    });
    socket.on('ping', (payload) => {
      this.#heardAtMs = clock.now();
      this.#meter();
      // A failed write is followed by the socket's own close event.
      if (socket.readyState === socket.OPEN) socket.pong(payload, false, () => undefined);
    });
    socket.on('pong', (payload) => {
      if (this.#heartbeat.pong(payload.toString('latin1'))) this.#relieve();
      else this.#meter();
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

  /** Counts a frame, and closes on a client from which far too many come, or too much. */
  #meter(bytes = 0): void {
    const nowMs = this.#clock.now();
    if (this.#frames.take(1, nowMs) && this.#bytes.take(bytes, nowMs)) return;
    this.close(CLOSE.flooding);
    this.#socket.pause(); // what else it sends is not even read
  }

  /** The kernel has taken a message, or never will: a failed write is followed by the socket's own close event. */
  readonly #written = (): void => this.#relieve();

  #relieve(): void {
    if (this.#holding && !this.congested()) this.#onRelief();
  }
}

function bytesOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}
