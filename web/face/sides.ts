import type { Blendshape } from '../../src/protocol/blendshapes.ts';

/** The left or the right of the face, seen from the avatar. */
export type Side = 'Left' | 'Right';

/** A shape that each side of the face has, without the side. */
export type Paired = WithoutSide<Blendshape>;

type WithoutSide<Name> = Name extends `${infer Shape}Left` ? Shape : never;
