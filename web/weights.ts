import type { Blendshape } from '../src/protocol/blendshapes.ts';

/** Amounts (0..1) of blendshapes by name; what is not named is 0. */
export type Weights = Readonly<Partial<Record<Blendshape, number>>>;

/** The face between turns: a slight smile, the jaw barely open. */
export const REST: Weights = { mouthSmileLeft: 0.2, mouthSmileRight: 0.2, jawOpen: 0.02 };

/** The face `share` (0..1) of the way from one to another. */
export function mixWeights(from: Weights, to: Weights, share: number): Weights {
  const mixed: Partial<Record<Blendshape, number>> = {};
  for (const name of Object.keys({ ...from, ...to }) as Blendshape[]) {
    const start = from[name] ?? 0;
    mixed[name] = start + ((to[name] ?? 0) - start) * share;
  }
  return mixed;
}
