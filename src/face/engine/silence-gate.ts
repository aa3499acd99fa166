import type { FrameLevels } from './frame-levels.ts';

/** Quiet frames after which the mouth closes (167 ms): longer than any stop consonant. */
const QUIET_FRAMES_TO_CLOSE = 5;

/** The gate opens this far (dB) above where it closes. */
const HYSTERESIS_DB = 4;

/** Frames it takes to open or to close. */
const FADE_FRAMES = 4;

/**
 * Closes the mouth in silence, where the model would make something out of the noise. Closed before the first sound;
 * opens a little ahead of speech, as far as sound is known ahead.
 */
export class SilenceGate {
  readonly #closeDbfs: number;
  readonly #lookAheadFrames: number;
  #quietFrames = QUIET_FRAMES_TO_CLOSE;
  #openness = 0;

  /**
   * @param closeDbfs below this a frame is quiet.
   * @param lookAheadFrames how many frames ahead of its sound the mouth may begin to open.
   */
  constructor(closeDbfs: number, lookAheadFrames: number) {
    this.#closeDbfs = closeDbfs;
    this.#lookAheadFrames = lookAheadFrames;
  }

  /**
   * How much of the face shows in this frame, 0..1. Called once for each frame, in order. Where nothing was heard yet all
   * stays as it is.
   */
  next(levels: FrameLevels, frame: number): number {
    if (frame >= levels.count) return this.#openness;
    const quiet = levels.at(frame).wholeDbfs < this.#closeDbfs;
    this.#quietFrames = quiet ? this.#quietFrames + 1 : 0;
    const closed = this.#quietFrames >= QUIET_FRAMES_TO_CLOSE && !this.#speechBegins(levels, frame);
    // Once open, it takes quiet to close it; once closed, real sound to open it.
    const opening = !closed && (this.#openness > 0 || this.#speechBegins(levels, frame));
    const step = (opening ? 1 : -1) / FADE_FRAMES;
    this.#openness = Math.max(0, Math.min(1, this.#openness + step));
    return this.#openness;
  }

  #speechBegins(levels: FrameLevels, frame: number): boolean {
    for (let ahead = 0; ahead <= this.#lookAheadFrames; ahead += 1) {
      if (levels.at(frame + ahead).wholeDbfs >= this.#closeDbfs + HYSTERESIS_DB) return true;
    }
    return false;
  }
}
