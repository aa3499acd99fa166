import type { CancelTimer, Clock } from '../../time/clock.ts';

const TICK_MS = 5000;

/** In the middle of an answer the server may be silent this long. */
const STALL_MS = 15_000;

/** How often the socket is pinged, and how long it may give no sign of life at all. */
const PING_MS = 15_000;
const DEAD_MS = 35_000;

/** What {@link Liveness} needs. */
export interface LivenessOptions {
  readonly clock: Clock;
  /** Whether the server owes us an answer's next piece. */
  readonly answering: () => boolean;
  readonly ping: () => void;
  /** The connection is as good as gone. Called at most once. */
  readonly onDead: (why: string) => void;
}

/** Notices a connection that is open and silent: a stalled answer, a peer that vanished without closing. */
export class Liveness {
  readonly #options: LivenessOptions;
  #eventAt: number;
  #signAt: number;
  #pingedAt: number;
  #tickedAt: number;
  #paused = false;
  #cancelTick: CancelTimer;

  constructor(options: LivenessOptions) {
    this.#options = options;
    const now = options.clock.now();
    this.#eventAt = now;
    this.#signAt = now;
    this.#pingedAt = now;
    this.#tickedAt = now;
    this.#cancelTick = this.#schedule();
  }

  /** The server sent an event, or was asked for something: its time runs anew. */
  event(): void {
    this.#eventAt = this.#options.clock.now();
    this.#signAt = this.#eventAt;
  }

  /** The socket showed that somebody is there. */
  sign(): void {
    this.#signAt = this.#options.clock.now();
  }

  /** We do not read for now, so silence means nothing. */
  pause(): void {
    this.#paused = true;
  }

  /** We read again. */
  resume(): void {
    this.#paused = false;
    this.event();
  }

  /** Stops looking. */
  stop(): void {
    this.#cancelTick();
  }

  #schedule(): CancelTimer {
    const { clock } = this.#options;
    return clock.at(clock.now() + TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const { clock, answering, ping, onDead } = this.#options;
    const now = clock.now();
    // This process was asleep: what has come in meanwhile has not been read yet.
    const overslept = now - this.#tickedAt > 2 * TICK_MS;
    this.#tickedAt = now;
    if (overslept) this.event();
    if (!this.#paused && answering() && now - this.#eventAt >= STALL_MS) {
      onDead('the answer stalled');
      return;
    }
    if (!this.#paused && now - this.#signAt >= DEAD_MS) {
      onDead('no sign of life');
      return;
    }
    if (now - this.#pingedAt >= PING_MS) {
      this.#pingedAt = now;
      ping();
    }
    this.#cancelTick = this.#schedule();
  }
}
