import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SpeechMoment } from './speech-rhythm.ts';

/** Seconds a look lasts: at the other, about 2.2 s; away, shorter (lipsync notes, 3.2). */
const AT_YOU_S = 2.2;
const AWAY_S = 0.9;
const SIGMA = 0.5;

/** At the beginning of a phrase people look away to think, with this chance. */
const AVERT_SHARE = 0.4;

/** How far a look goes (degrees): -6.9 ln(P / 15.7), P even (Lee, Badler and Badler 2002), at most this while talking. */
const MOST_DEGREES = 10;

/** Looks go sideways more than up and down. */
const VERTICAL_SHARE = 0.35;

/** Degrees at which a look channel is at 1. */
const FULL_DEGREES = 30;

/** Of the way to a new target, how much is gone in a frame: such a saccade lasts some 40 ms. */
const STEP = 0.75;

/** One turn's eyes: mostly on the listener, with short looks away. */
export class Gaze {
  readonly #random: SeededRandom;
  #untilS: number;
  #away = false;
  #target = { yaw: 0, pitch: 0 };
  #yaw = 0;
  #pitch = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#untilS = random.logNormal(AT_YOU_S, SIGMA);
  }

  /** Turns the eyes in a frame, in place. */
  apply(weights: Float32Array, timeS: number, { phraseBegins }: SpeechMoment): void {
    const averts = phraseBegins && !this.#away && this.#random.even() < AVERT_SHARE;
    if (averts || timeS >= this.#untilS) this.#look(timeS);
    this.#yaw += STEP * (this.#target.yaw - this.#yaw);
    this.#pitch += STEP * (this.#target.pitch - this.#pitch);
    const left = Math.max(0, this.#yaw) / FULL_DEGREES;
    const right = Math.max(0, -this.#yaw) / FULL_DEGREES;
    const up = Math.max(0, this.#pitch) / FULL_DEGREES;
    const down = Math.max(0, -this.#pitch) / FULL_DEGREES;
    weights[COLUMN.eyeLookOutLeft] = left;
    weights[COLUMN.eyeLookInRight] = left;
    weights[COLUMN.eyeLookInLeft] = right;
    weights[COLUMN.eyeLookOutRight] = right;
    weights[COLUMN.eyeLookUpLeft] = up;
    weights[COLUMN.eyeLookUpRight] = up;
    weights[COLUMN.eyeLookDownLeft] = down;
    weights[COLUMN.eyeLookDownRight] = down;
  }

  #look(timeS: number): void {
    this.#away = !this.#away;
    this.#untilS = timeS + this.#random.logNormal(this.#away ? AWAY_S : AT_YOU_S, SIGMA);
    if (!this.#away) {
      this.#target = { yaw: 0, pitch: 0 };
      return;
    }
    // 1 - even() is never 0.
    const degrees = Math.min(MOST_DEGREES, -6.9 * Math.log(1 - this.#random.even()));
    const side = this.#random.even() < 0.5 ? -1 : 1;
    this.#target = { yaw: side * degrees, pitch: VERTICAL_SHARE * degrees * (2 * this.#random.even() - 1) };
  }
}
