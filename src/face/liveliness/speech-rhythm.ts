/** Below this (dBFS) a frame is quiet. */
const QUIET_DBFS = -48;

/** Quiet for so long is a pause; the first sound after a longer one begins a phrase (seconds). */
const PAUSE_S = 0.2;
const PHRASE_AFTER_S = 0.3;

/** Over what time (seconds) the speaker's usual loudness and its spread are learnt, and how long before they are used. */
const USUAL_S = 3;
const LEARNING_S = 0.6;

/** The least spread (dB) believed in: a flat voice has no accents. */
const LEAST_SPREAD_DB = 3;

/** What happens in the speech in one frame. */
export interface SpeechMoment {
  /** A pause has just been noticed. */
  readonly pauseBegins: boolean;
  /** The first sound after a pause. */
  readonly phraseBegins: boolean;
  /** How far the loudness stands out where it has just peaked, in standard deviations; 0 elsewhere. */
  readonly accent: number;
}

/** Hears pauses, phrases and stressed syllables in the loudness of a turn. Stress is loudness only: it hears no pitch. */
export class SpeechRhythm {
  readonly #fps: number;
  #quietFrames = Number.POSITIVE_INFINITY;
  #voicedFrames = 0;
  #usualDbfs = 0;
  #variance = 36;
  #smooth = -120;
  #rising = false;

  constructor(fps: number) {
    this.#fps = fps;
  }

  /** The next frame's loudness in dBFS. */
  next(levelDbfs: number): SpeechMoment {
    if (levelDbfs < QUIET_DBFS) {
      this.#quietFrames += 1;
      this.#rising = false;
      this.#smooth = levelDbfs;
      return {
        pauseBegins: this.#quietFrames === Math.round(PAUSE_S * this.#fps),
        phraseBegins: false,
        accent: 0,
      };
    }
    const phraseBegins = this.#quietFrames >= PHRASE_AFTER_S * this.#fps;
    this.#quietFrames = 0;
    return { pauseBegins: false, phraseBegins, accent: this.#accent(levelDbfs) };
  }

  #accent(levelDbfs: number): number {
    this.#voicedFrames += 1;
    const share = 1 / Math.min(this.#voicedFrames, USUAL_S * this.#fps);
    const offDb = levelDbfs - this.#usualDbfs;
    this.#usualDbfs += share * offDb;
    if (this.#voicedFrames > 1) this.#variance += share * (offDb * offDb - this.#variance);
    const before = this.#smooth;
    this.#smooth = before < QUIET_DBFS ? levelDbfs : before + 0.5 * (levelDbfs - before);
    const wasRising = this.#rising;
    this.#rising = this.#smooth > before;
    if (this.#rising || !wasRising || this.#voicedFrames < LEARNING_S * this.#fps) return 0;
    return Math.max(0, (before - this.#usualDbfs) / Math.max(LEAST_SPREAD_DB, Math.sqrt(this.#variance)));
  }
}
