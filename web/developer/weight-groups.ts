import { BLENDSHAPES, type Blendshape } from '../client/src/index.js';

/** Where in the face a shape is. */
export type FacePart = 'brows' | 'eyes' | 'jaw' | 'mouth' | 'cheeks';

/** A shape, or the two of both sides of the face. */
export interface WeightRow {
  /** The name, without the side. */
  readonly name: string;
  /** One; or left and right. */
  readonly shapes: readonly Blendshape[];
}

/** Which part a shape belongs to, by how its name begins. */
const PART_OF: readonly (readonly [beginning: RegExp, part: FacePart])[] = [
  [/^brow/, 'brows'],
  [/^eye/, 'eyes'],
  [/^jaw/, 'jaw'],
  [/^mouth/, 'mouth'],
  [/^(cheek|nose|tongue)/, 'cheeks'],
];

/** All 52 shapes by the part of the face, in the order of the protocol. */
export const WEIGHT_GROUPS: ReadonlyMap<FacePart, readonly WeightRow[]> = new Map(
  PART_OF.map(([beginning, part]) => [part, rowsOf(BLENDSHAPES.filter((name) => beginning.test(name)))]),
);

function rowsOf(names: readonly Blendshape[]): WeightRow[] {
  const rows = new Map<string, Blendshape[]>();
  for (const name of names) {
    const base = name.replace(/(Left|Right)$/, '');
    // mouthLeft and jawLeft are movements to a side, no pairs.
    const key = names.includes(`${base}Left` as Blendshape) && !['mouth', 'jaw'].includes(base) ? base : name;
    rows.set(key, [...(rows.get(key) ?? []), name]);
  }
  return [...rows].map(([name, shapes]) => ({ name, shapes }));
}
