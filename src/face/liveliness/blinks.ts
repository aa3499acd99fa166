import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SpeechMoment } from './speech-rhythm.ts';

/** Eyelids during a blink at 30 frames a second: closing fast, opening slower (lipsync notes, 3.2). */
const PATTERN = [0.4, 0.92, 0.92, 0.85, 0.38, 0.13, 0.02] as const;
const PATTERN_FPS = 30;

/** From one blink to the next, in seconds: log-normal, as people's are (Bentivoglio 1997). */
const MEDIAN_S = 2.6;
const SIGMA = 0.55;
const LEAST_S = 0.6;
const MOST_S = 8;

/** This share of blinks is followed by another within so many seconds. */
const DOUBLE_SHARE = 0.1;
const DOUBLE_GAP_S = [0.3, 0.6] as const;

/** A pause in speech draws a blink with this chance, unless the last was so short a time ago (seconds). */
const AT_PAUSE_SHARE = 0.5;
const AT_PAUSE_AFTER_S = 1.2;

/** What the rest of the face does while the lids are down. */
const CHEEKS = 0.07;
const BROWS_DOWN = 0.04;

/** One turn's blinks. Both eyes move alike. */
export class Blinks {
  readonly #random: SeededRandom;
  readonly #fps: number;
  #nextAtS: number;
  #beganAtS = Number.NEGATIVE_INFINITY;

  constructor(random: SeededRandom, fps: number) {
    this.#random = random;
    this.#fps = fps;
    this.#nextAtS = random.even() * this.#interval(); // a turn begins somewhere between two blinks
  }

  /** Blinks in a frame, in place. */
  apply(weights: Float32Array, timeS: number, moment: SpeechMoment): void {
    const sinceS = timeS - this.#beganAtS;
    const drawn = moment.pauseBegins && sinceS >= AT_PAUSE_AFTER_S && this.#random.even() < AT_PAUSE_SHARE;
    if (timeS >= this.#nextAtS || drawn) this.#begin(timeS);
    const lids = this.#lids(timeS - this.#beganAtS);
    if (lids === 0) return;
    raise(weights, COLUMN.eyeBlinkLeft, lids);
    raise(weights, COLUMN.eyeBlinkRight, lids);
    raise(weights, COLUMN.cheekSquintLeft, CHEEKS * lids);
    raise(weights, COLUMN.cheekSquintRight, CHEEKS * lids);
    raise(weights, COLUMN.browDownLeft, BROWS_DOWN * lids);
    raise(weights, COLUMN.browDownRight, BROWS_DOWN * lids);
  }

  #begin(timeS: number): void {
    this.#beganAtS = timeS;
    const [least, most] = DOUBLE_GAP_S;
    const double = this.#random.even() < DOUBLE_SHARE;
    this.#nextAtS = timeS + (double ? least + (most - least) * this.#random.even() : this.#interval());
  }

  #interval(): number {
    return Math.max(LEAST_S, Math.min(MOST_S, this.#random.logNormal(MEDIAN_S, SIGMA)));
  }

  #lids(sinceS: number): number {
    // Times are quotients: without the grace, rounding could show a step twice.
    const position = sinceS * PATTERN_FPS;
    const step = Math.floor(position + 1e-6);
    const share = this.#fps === PATTERN_FPS ? 0 : position - step;
    return (PATTERN[step] ?? 0) * (1 - share) + (PATTERN[step + 1] ?? 0) * share;
  }
}

function raise(weights: Float32Array, column: number, to: number): void {
  weights[column] = Math.max(weights[column] as number, to);
}
