import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import { type SeededRandom, slowWander } from './seeded-random.ts';
import type { SpeechMoment } from './speech-rhythm.ts';

/** How stress lifts the brows (lipsync notes, 3.2): 0.25 for each standard deviation, up over 250 ms, down over 500. */
const PER_DEVIATION = 0.25;
const LEAST = 0.12;
const MOST = 0.35;
const ATTACK_S = 0.25;
const HOLD_S = 0.1;
const RELEASE_S = 0.5;

/** An accent must stand out this far (standard deviations) to count. */
const ACCENT_FROM = 1;

/** At least so long (seconds) from one lift to the next, and up to so much longer. */
const APART_S = 4;
const APART_MORE_S = 3;

/** The beginning of a phrase lifts the brows with this chance, by this much. */
const AT_PHRASE_SHARE = 0.35;
const AT_PHRASE = 0.15;

/** The outer brows follow the inner ones by this share; both never stand quite still. */
const OUTER_SHARE = 0.6;
const WANDER = 0.03;
const WANDER_S = 5;

/** One turn's brows: sparse lifts on stress and at the beginning of phrases, over a slow wander. */
export class Brows {
  readonly #random: SeededRandom;
  readonly #wander: (timeS: number) => number;
  #liftedAtS = Number.NEGATIVE_INFINITY;
  #amount = 0;
  #restUntilS = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#wander = slowWander(random, WANDER_S);
  }

  /** Moves the brows in a frame, in place. */
  apply(weights: Float32Array, timeS: number, { accent, phraseBegins }: SpeechMoment): void {
    if (timeS >= this.#restUntilS) {
      if (accent >= ACCENT_FROM) this.#lift(timeS, PER_DEVIATION * accent);
      else if (phraseBegins && this.#random.even() < AT_PHRASE_SHARE) this.#lift(timeS, AT_PHRASE);
    }
    const lift =
      this.#amount * envelope(timeS - this.#liftedAtS) + WANDER * (0.5 + 0.5 * this.#wander(timeS));
    add(weights, COLUMN.browInnerUp, lift);
    add(weights, COLUMN.browOuterUpLeft, OUTER_SHARE * lift);
    add(weights, COLUMN.browOuterUpRight, OUTER_SHARE * lift);
  }

  #lift(timeS: number, amount: number): void {
    this.#liftedAtS = timeS;
    this.#amount = Math.max(LEAST, Math.min(MOST, amount));
    this.#restUntilS = timeS + APART_S + APART_MORE_S * this.#random.even();
  }
}

/** Raised cosines up and down. */
function envelope(sinceS: number): number {
  if (sinceS < ATTACK_S) return 0.5 - 0.5 * Math.cos((Math.PI * sinceS) / ATTACK_S);
  const falling = (sinceS - ATTACK_S - HOLD_S) / RELEASE_S;
  if (falling <= 0) return 1;
  return falling >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * falling);
}

function add(weights: Float32Array, column: number, amount: number): void {
  weights[column] = Math.min(1, (weights[column] as number) + amount);
}
