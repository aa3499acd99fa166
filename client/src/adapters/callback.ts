import type { Wearer } from './wearer.ts';

export { type Expression, type Wearer, wear } from './wearer.ts';

/** How {@link weightsCallback} behaves. */
export interface CallbackOptions {
  /** Amounts that changed by less are not told again; 0.001 unless given. */
  readonly threshold?: number;
}

/** Calls a function for every shape that has changed: for engines with a setter per shape (Unity, Babylon.js, Live2D). */
export function weightsCallback(
  set: (name: string, weight: number) => void,
  { threshold = 0.001 }: CallbackOptions = {},
): Wearer {
  const told = new Map<string, number>();
  return ({ weights }) => {
    for (const name of new Set([...told.keys(), ...Object.keys(weights)])) {
      const weight = weights[name as keyof typeof weights] ?? 0;
      if (Math.abs(weight - (told.get(name) ?? 0)) < threshold) continue;
      told.set(name, weight);
      set(name, weight);
    }
  };
}
