import { BLENDSHAPES, type Blendshape } from '../wire/blendshapes.ts';

/**
 * Finds a model's own names for the 52 shapes: `jawOpen`, `JawOpen`, `jaw_open`, `mouthSmile_L`, `head.jawOpen`.
 *
 * @param names what the model's shapes are called.
 * @returns the model's name for each shape that it has.
 */
export function findShapes(names: Iterable<string>): ReadonlyMap<Blendshape, string> {
  const known = new Map<string, Blendshape>(BLENDSHAPES.map((name) => [name.toLowerCase(), name]));
  const found = new Map<Blendshape, string>();
  for (const name of names) {
    const bare = name
      .replace(/^.*[.:]/, '')
      .replace(/[_\s-]?(L|R)$/, (_, side) => (side === 'L' ? 'Left' : 'Right'));
    const shape = known.get(bare.replace(/[_\s-]/g, '').toLowerCase());
    if (shape !== undefined && !found.has(shape)) found.set(shape, name);
  }
  return found;
}
