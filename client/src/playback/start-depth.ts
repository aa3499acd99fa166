/** So many frames must be there before sound starts: the fewest, and the most however bad the network is. */
export const FEWEST_FRAMES = 3;
export const MOST_FRAMES = 15;

/** What an underrun teaches, and how fast a good while is believed (share of the estimate that is left after a turn). */
const FRAMES_FOR_AN_UNDERRUN = 3;
const LEFT_AFTER_A_TURN = 0.7;

/**
 * How many frames to wait for before sound starts, by how unevenly they come: the jitter buffer's depth.
 * A frame's lateness is how much longer it took than the quickest so far of its turn; what a server sends ahead
 * only makes frames early.
 */
export class StartDepth {
  #latenessMs = 0;
  #extraFrames = 0;
  #quickestMs = Number.POSITIVE_INFINITY;
  #mediaMs = 0;
  #frameMs = 1000 / 30;

  /** The depth now. */
  get frames(): number {
    const needed = FEWEST_FRAMES + this.#extraFrames + this.#latenessMs / this.#frameMs / 2;
    return Math.max(FEWEST_FRAMES, Math.min(MOST_FRAMES, Math.round(needed)));
  }

  /** A turn begins: forgets a part of what was learnt. */
  begin(): void {
    this.#latenessMs *= LEFT_AFTER_A_TURN;
    this.#extraFrames *= LEFT_AFTER_A_TURN;
    this.#quickestMs = Number.POSITIVE_INFINITY;
    this.#mediaMs = 0;
  }

  /** A frame of `frameMs` came at `nowMs` (any clock that never goes back). */
  arrived(frameMs: number, nowMs: number): void {
    this.#frameMs = Math.max(1, frameMs);
    const tookMs = nowMs - this.#mediaMs;
    this.#mediaMs += frameMs;
    this.#quickestMs = Math.min(this.#quickestMs, tookMs);
    this.#latenessMs = Math.max(this.#latenessMs, tookMs - this.#quickestMs);
  }

  /** The sound ran dry. */
  underran(): void {
    this.#extraFrames = Math.min(MOST_FRAMES, this.#extraFrames + FRAMES_FOR_AN_UNDERRUN);
  }
}
