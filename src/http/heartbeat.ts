import type { CancelTimer, Clock } from '../time/clock.ts';

/** An idle socket is pinged this often, the first time after a random part of it, so that not all are at once. */
const PING_EVERY_MS = 10_000;

/**
 * While something is being sent, a ping goes with it this often, and after so many bytes: its pong tells how far the
 * client has read. A burst without a ping in it would be noticed only when it stands in the way of an interrupt.
 */
const PING_EVERY_SENDING_MS = 500;
const PING_EVERY_BYTES = 32 * 1024;

/** A client whose pong is this late does not read: the kernel hides megabytes of unread frames from us. */
const PONG_WITHIN_MS = 10_000;

/** After this process itself stood still, its timers fire before it reads the pongs that came meanwhile. */
const GRACE_MS = 500;

/** What a {@link Heartbeat} needs. */
export interface HeartbeatOptions {
  readonly clock: Clock;
  /** 0..1, for the first ping's time. */
  readonly random: () => number;
  /** Sends a ping that its pong will repeat. */
  readonly ping: (name: string) => void;
  /** The client has not read for {@link PONG_WITHIN_MS}; called once. */
  readonly onSilent: () => void;
}

interface Ping {
  readonly name: string;
  readonly sentAtMs: number;
}

/**
 * How far behind a client's reading is, told by its pongs: a pong is answered only after everything sent before its
 * ping has been read. Owned by the transport, which stops it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  /** Pings without their pong, oldest first. */
  #unanswered: Ping[] = [];
  #pings = 0;
  #bytesSincePing = 0;
  #pingedAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: CancelTimer;
  #stopped = false;

  constructor(options: HeartbeatOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.#cancelTimer = clock.at(clock.now() + PING_EVERY_MS * random(), () => this.#ping());
  }

  /** For how many milliseconds the oldest pong that is missing has been missing; 0 where none is. */
  get pongAgeMs(): number {
    const oldest = this.#unanswered[0];
    return oldest === undefined ? 0 : this.#options.clock.now() - oldest.sentAtMs;
  }

  /** So much has been sent. */
  sent(bytes: number): void {
    this.#bytesSincePing += bytes;
    const sinceMs = this.#options.clock.now() - this.#pingedAtMs;
    if (sinceMs >= PING_EVERY_SENDING_MS || this.#bytesSincePing >= PING_EVERY_BYTES) this.#ping();
  }

  /**
   * A pong has come: what it repeats says which ping it answers, and with it all before. Others mean nothing.
   *
   * @returns whether it answers a ping.
   */
  pong(name: string): boolean {
    const index = this.#unanswered.findIndex((ping) => ping.name === name);
    if (index === -1) return false;
    this.#unanswered = this.#unanswered.slice(index + 1);
    this.#schedule();
    return true;
  }

  /** No ping and no verdict follows. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #ping(): void {
    if (this.#stopped) return;
    this.#pings += 1;
    this.#bytesSincePing = 0;
    this.#pingedAtMs = this.#options.clock.now();
    this.#unanswered.push({ name: String(this.#pings), sentAtMs: this.#pingedAtMs });
    this.#options.ping(String(this.#pings));
    if (this.#unanswered.length === 1) this.#schedule();
  }

  /** One timer at a time: the oldest ping's deadline, or the next ping. */
  #schedule(): void {
    if (this.#stopped) return;
    const oldest = this.#unanswered[0];
    if (oldest === undefined) this.#at(this.#pingedAtMs + PING_EVERY_MS, () => this.#ping());
    else this.#at(oldest.sentAtMs + PONG_WITHIN_MS, () => this.#doubt(oldest));
  }

  #doubt(missing: Ping): void {
    this.#at(this.#options.clock.now() + GRACE_MS, () => {
      if (this.#unanswered[0] !== missing) return;
      this.stop();
      this.#options.onSilent();
    });
  }

  #at(atMs: number, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.at(atMs, callback);
  }
}
