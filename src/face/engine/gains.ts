import { BLENDSHAPE_COUNT, BLENDSHAPE_INDEX, type Blendshape } from '../../protocol/blendshapes.ts';
import type { FaceAnimator } from '../animator.ts';
import { eachFrame } from '../each-frame.ts';

/** What is done to one weight: weight · gain + offset, kept within 0..1. */
export interface Gain {
  readonly gain: number;
  readonly offset: number;
}

/** How faces are exaggerated or toned down. */
export interface GainSettings {
  /** Multiplies what opens the mouth, on top of `gains`; 1 leaves it (0..4). */
  readonly intensity: number;
  /** By name; what is not named stays as it is. */
  readonly gains: ReadonlyMap<Blendshape, Gain>;
}

/** What opens the mouth. */
const OPENINGS: ReadonlySet<Blendshape> = new Set<Blendshape>([
  'jawOpen',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
]);

/** Applies gains and offsets to weights in place; undefined where they change nothing. */
export function gainApplier({
  intensity,
  gains,
}: GainSettings): ((weights: Float32Array) => void) | undefined {
  const factors = new Float32Array(BLENDSHAPE_COUNT).fill(1);
  const offsets = new Float32Array(BLENDSHAPE_COUNT);
  for (const name of OPENINGS) factors[BLENDSHAPE_INDEX[name]] = intensity;
  for (const [name, { gain, offset }] of gains) {
    const column = BLENDSHAPE_INDEX[name];
    factors[column] = (factors[column] as number) * gain;
    offsets[column] = offset;
  }
  if (factors.every((factor) => factor === 1) && offsets.every((offset) => offset === 0)) return undefined;
  return (weights) => {
    for (let column = 0; column < weights.length; column += 1) {
      const weight = (weights[column] as number) * (factors[column] as number) + (offsets[column] as number);
      weights[column] = Math.max(0, Math.min(1, weight));
    }
  };
}

/**
 * An animator whose faces go through gains and offsets, whoever makes them: wrap the bridged one, so that the mouth opens
 * alike when the plainer face stands in. Gains that change nothing return the animator itself.
 */
export function withGains(animator: FaceAnimator, settings: GainSettings): FaceAnimator {
  const apply = gainApplier(settings);
  return apply === undefined
    ? animator
    : eachFrame(animator, () => ({ frame: ({ weights }) => apply(weights) }));
}
