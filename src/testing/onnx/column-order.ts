import { BLENDSHAPES, type Blendshape } from '../../protocol/blendshapes.ts';

/** The order in which Apple lists the 52; some models of this family may give their columns in it. */
export const APPLE_ORDER: readonly Blendshape[] = [
  ...eye('Left'),
  ...eye('Right'),
  'jawForward',
  'jawLeft',
  'jawRight',
  'jawOpen',
  'mouthClose',
  'mouthFunnel',
  'mouthPucker',
  'mouthLeft',
  'mouthRight',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
];

/** Names of a model's columns, from the first to the last. */
export const COLUMN_ORDERS = { lam: BLENDSHAPES, apple: APPLE_ORDER } as const;

function eye<Side extends 'Left' | 'Right'>(side: Side) {
  return [
    `eyeBlink${side}`,
    `eyeLookDown${side}`,
    `eyeLookIn${side}`,
    `eyeLookOut${side}`,
    `eyeLookUp${side}`,
    `eyeSquint${side}`,
    `eyeWide${side}`,
  ] as const;
}
