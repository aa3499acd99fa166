import type { Blendshape } from '../../src/protocol/blendshapes.ts';
import { mixWeights, REST, type Weights } from '../weights.js';

/**
 * How steeply an amount is drawn (see {@link lift}). The weights come in the style of the product's avatars, where the
 * jaw of a clearly spoken "ah" is at 0.15: a drawing must show more. 1 draws nearly what is said.
 */
const STEEPNESS: Weights = {
  jawOpen: 4.5,
  mouthLowerDownLeft: 1.8,
  mouthLowerDownRight: 1.8,
  mouthUpperUpLeft: 2.5,
  mouthUpperUpRight: 2.5,
  mouthPucker: 3.5,
  mouthFunnel: 4,
  mouthStretchLeft: 3,
  mouthStretchRight: 3,
  mouthPressLeft: 2,
  mouthPressRight: 2,
  mouthRollLower: 2,
  mouthRollUpper: 2,
  mouthShrugLower: 2,
  mouthShrugUpper: 2,
  mouthClose: 3,
  mouthSmileLeft: 3,
  mouthSmileRight: 3,
  noseSneerLeft: 2.5,
  noseSneerRight: 2.5,
  cheekPuff: 2,
};

/** The face goes to rest this fast (time constant, ms); while it speaks it follows almost at once. */
const REST_MS = 130;
const SPEECH_MS = 12;

/** The amounts that are drawn: what is heard while the avatar speaks, easing to rest when it does not. */
export class Expression {
  readonly #steepness: Weights;
  #weights: Weights = REST;

  /** @param articulation what the weights mean: see FaceOptions. */
  constructor(articulation: 'lam' | 'arkit' = 'lam') {
    this.#steepness = articulation === 'lam' ? STEEPNESS : {};
  }

  /** Goes on by `stepMs` towards a face; undefined: towards rest. */
  follow(target: Weights | undefined, stepMs: number): void {
    const share = 1 - Math.exp(-stepMs / (target === undefined ? REST_MS : SPEECH_MS));
    this.#weights = mixWeights(this.#weights, target ?? REST, share);
  }

  /** How much of a shape to draw, 0..1. The barely open jaw of the rest pose counts as closed. */
  amount(name: Blendshape): number {
    const weight = (this.#weights[name] ?? 0) - (name === 'jawOpen' ? (REST.jawOpen ?? 0) : 0);
    return lift(Math.max(0, Math.min(1, weight)), this.#steepness[name] ?? 1);
  }

  /** The mean of a shape's two sides. */
  both(name: Paired): number {
    return (this.amount(`${name}Left`) + this.amount(`${name}Right`)) / 2;
  }
}

/** The left or the right of the face, seen from the avatar. */
export type Side = 'Left' | 'Right';

/** A shape that each side of the face has, without the side. */
export type Paired = WithoutSide<Blendshape>;

type WithoutSide<Name> = Name extends `${infer Shape}Left` ? Shape : never;

/** Raises small amounts and leaves 0 and 1 where they are: an exponential that saturates, so nothing is cut off. */
function lift(amount: number, steepness: number): number {
  return (1 - Math.exp(-steepness * amount)) / (1 - Math.exp(-steepness));
}
