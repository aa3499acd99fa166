import { BLENDSHAPE_INDEX, BLENDSHAPES, type Blendshape } from '../protocol/blendshapes.ts';

/** Columns that mirror each other: left, right. Looking and shifting sideways are meant to differ, so not those. */
export const MIRRORED_COLUMNS: readonly (readonly [left: number, right: number])[] = BLENDSHAPES.filter(
  (name) =>
    name.endsWith('Left') && !name.startsWith('eyeLook') && name !== 'jawLeft' && name !== 'mouthLeft',
).map((name) => [BLENDSHAPE_INDEX[name], BLENDSHAPE_INDEX[name.replace(/Left$/, 'Right') as Blendshape]]);
