import type { Blendshape } from '../../src/protocol/blendshapes.ts';
import { mixWeights, REST, type Weights } from '../weights.js';
import { articulated, raised } from './articulation.js';
import type { Paired } from './sides.js';

/** The face goes to rest this fast (time constant, ms: a mouth is closed after three); while it speaks it follows almost at once. */
const REST_MS = 60;
const SPEECH_MS = 12;

/** The amounts that are drawn: what is heard while the avatar speaks, easing to rest when it does not. */
export class Expression {
  readonly #articulation: 'lam' | 'arkit';
  #weights: Weights = REST;
  #amounts: Weights = {};

  /** @param articulation what the weights mean: see FaceOptions. */
  constructor(articulation: 'lam' | 'arkit' = 'lam') {
    this.#articulation = articulation;
  }

  /** Goes on by `stepMs` towards a face; undefined: towards rest. */
  follow(target: Weights | undefined, stepMs: number): void {
    const share = 1 - Math.exp(-stepMs / (target === undefined ? REST_MS : SPEECH_MS));
    this.#weights = mixWeights(this.#weights, target ?? REST, share);
    this.#amounts = this.#articulation === 'lam' ? articulated(this.#weights) : this.#weights;
  }

  /** How much of a shape to draw, 0..1. The barely open jaw of the rest pose counts as closed. */
  amount(name: Blendshape): number {
    const amount = this.#amounts[name] ?? 0;
    if (this.#articulation === 'lam') return amount;
    return raised(name === 'jawOpen' ? amount - (REST.jawOpen ?? 0) : amount);
  }

  /** The mean of a shape's two sides. */
  both(name: Paired): number {
    return (this.amount(`${name}Left`) + this.amount(`${name}Right`)) / 2;
  }
}
