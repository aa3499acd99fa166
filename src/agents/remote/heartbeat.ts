import type { WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../../time/clock.ts';

/** A quiet agent is asked this often whether it is there. */
const PING_EVERY_MS = 10_000;

/** An agent that has not been heard of for this long is gone. Generous: one busy thread answers no pings. */
const GONE_AFTER_MS = 30_000;

/** What a {@link Heartbeat} needs. */
export interface HeartbeatOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** Whether we do not read just now, and so cannot hear. */
  readonly deaf: () => boolean;
  /** The agent has gone without a word. */
  readonly onGone: () => void;
}

/** Notices a connection that has died without being closed. Whoever makes it stops it. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancelTimer: CancelTimer = () => undefined;
  #heardAt: number;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
    options.socket.on('pong', () => this.heard());
    options.socket.on('ping', () => this.heard());
    this.#wait();
  }

  /** The agent has given a sign of life. */
  heard(): void {
    this.#heardAt = this.#options.clock.now();
  }

  /** No more pings. */
  stop(): void {
    this.#cancelTimer();
  }

  #wait(): void {
    const { clock } = this.#options;
    this.#cancelTimer = clock.at(clock.now() + PING_EVERY_MS, () => this.#beat());
  }

  #beat(): void {
    const { socket, clock, deaf, onGone } = this.#options;
    if (deaf()) this.heard();
    if (clock.now() - this.#heardAt >= GONE_AFTER_MS) {
      onGone();
      return;
    }
    if (socket.readyState === socket.OPEN) socket.ping();
    this.#wait();
  }
}
