/**
 * When each frame of a turn may go out, and what the client can have played: an absolute schedule (start + i / fps,
 * so nothing drifts) with a lead. Pure arithmetic over the monotonic time it is told.
 *
 * The client is modelled after the widget: it starts to play once {@link START_FRAMES} frames have arrived, then plays
 * one frame after the other on its sound card's clock.
 */

/** Frames the widget waits for before it starts to play (protocol notes, 1.3); a turn has at least as many. */
export const START_FRAMES = 3;

/**
 * A frame this late (ms) has used up the whole lead and the client's start-up buffer: something stood still. The
 * schedule goes on from here, since catching up would send a burst beyond the lead. Less is only timer jitter.
 */
const REANCHOR_AFTER_MS = 100;

/** What lies between our sending and the client's hearing (ms): the network, decoding, the sound card. */
const HEARING_DELAY_MS = 60;

/** A client's report is carried forward for this long (ms); a client that has stopped playing makes no new one. */
const REPORT_HOLDS_MS = 1000;

/** The shape of a turn's schedule. */
export interface PacerOptions {
  readonly fps: number;
  /** How far frames may run ahead of real time. */
  readonly leadMs: number;
}

/** The schedule of one turn. Owned by the turn; needs no closing. */
export class Pacer {
  readonly #frameMs: number;
  readonly #leadMs: number;
  /** Monotonic time at which frame 0 was due; undefined before the first frame. */
  #startedAt: number | undefined;
  /** Monotonic time at which the client started to play. */
  #playingSince: number | undefined;
  #sent = 0;
  #report: { readonly playedMs: number; readonly atMs: number } | undefined;

  constructor({ fps, leadMs }: PacerOptions) {
    this.#frameMs = 1000 / fps;
    this.#leadMs = leadMs;
  }

  /** Frames sent so far; also the index of the next one. */
  get sent(): number {
    return this.#sent;
  }

  /** Milliseconds of playback sent so far. */
  get sentMs(): number {
    return this.#sent * this.#frameMs;
  }

  /** The earliest time at which the next frame may go out. The first may go at once. */
  nextSendAt(nowMs: number): number {
    return this.#startedAt === undefined ? nowMs : this.#startedAt + this.sentMs - this.#leadMs;
  }

  /** The time by which the next frame must be at the client, or it runs dry; infinite until it plays. */
  runsDryAt(): number {
    return this.#playingSince === undefined ? Number.POSITIVE_INFINITY : this.#playingSince + this.sentMs;
  }

  /** The next frame goes out now. */
  frameSent(nowMs: number): void {
    this.#startedAt ??= nowMs;
    const lateMs = nowMs - (this.#startedAt + this.sentMs);
    if (lateMs > REANCHOR_AFTER_MS) this.#startedAt += lateMs;
    // What had not been sent cannot have been played: a client that ran dry goes on from here.
    if (this.#playingSince !== undefined && nowMs > this.runsDryAt())
      this.#playingSince = nowMs - this.sentMs;
    this.#sent += 1;
    if (this.#sent === START_FRAMES) this.#playingSince = nowMs;
  }

  /** The client says how much of the turn it has played. */
  reported(playedMs: number, nowMs: number): void {
    this.#report = { playedMs, atMs: nowMs };
  }

  /**
   * Milliseconds of the turn the client can have played by now: by its own last report, if it makes any, otherwise an
   * estimate that is a little low rather than high.
   *
   * @param lagMs how far the client is known to be behind in its reading: what is on the line it has not heard.
   */
  playedMs(nowMs: number, lagMs = 0): number {
    if (this.#report !== undefined) {
      const sinceMs = Math.min(nowMs - this.#report.atMs, REPORT_HOLDS_MS);
      return Math.min(this.#report.playedMs + sinceMs, this.sentMs);
    }
    if (this.#playingSince === undefined) return 0;
    return Math.max(0, Math.min(nowMs - lagMs - this.#playingSince - HEARING_DELAY_MS, this.sentMs));
  }

  /** When the client will have played everything sent so far (a turn that never reached the start has nothing). */
  playedOutAt(nowMs: number): number {
    return this.#playingSince === undefined ? nowMs : this.#playingSince + this.sentMs + HEARING_DELAY_MS;
  }
}
