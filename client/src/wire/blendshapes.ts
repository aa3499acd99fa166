import type { Blendshape } from '../../../src/protocol/blendshapes.ts';

export type { Blendshape };

/** The 52 ARKit names in the server's order; a test holds the two lists equal. */
export const BLENDSHAPES = [
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'eyeBlinkLeft',
  'eyeBlinkRight',
  'eyeLookDownLeft',
  'eyeLookDownRight',
  'eyeLookInLeft',
  'eyeLookInRight',
  'eyeLookOutLeft',
  'eyeLookOutRight',
  'eyeLookUpLeft',
  'eyeLookUpRight',
  'eyeSquintLeft',
  'eyeSquintRight',
  'eyeWideLeft',
  'eyeWideRight',
  'jawForward',
  'jawLeft',
  'jawOpen',
  'jawRight',
  'mouthClose',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthFunnel',
  'mouthLeft',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthPucker',
  'mouthRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
] as const satisfies readonly Blendshape[];

/** The names of the 15 Oculus visemes, which some servers send beside the weights. */
export const VISEMES = [
  'sil',
  'PP',
  'FF',
  'TH',
  'DD',
  'kk',
  'CH',
  'SS',
  'nn',
  'RR',
  'aa',
  'E',
  'I',
  'O',
  'U',
] as const;

/** One of {@link VISEMES}. */
export type Viseme = (typeof VISEMES)[number];

/** Amounts (0 to 1) of blendshapes by name; what is not named is 0. */
export type Weights = Readonly<Partial<Record<Blendshape, number>>>;

/** Amounts (0 to 1) of visemes by name; what is not named is 0. */
export type VisemeWeights = Readonly<Partial<Record<Viseme, number>>>;

/** The face between turns: a slight smile, the jaw barely open. */
export const REST: Weights = { mouthSmileLeft: 0.2, mouthSmileRight: 0.2, jawOpen: 0.02 };

/** Amounts `share` (0 to 1) of the way from one set to another. */
export function mix<Name extends string>(
  from: Readonly<Partial<Record<Name, number>>>,
  to: Readonly<Partial<Record<Name, number>>>,
  share: number,
): Partial<Record<Name, number>> {
  const mixed: Partial<Record<Name, number>> = {};
  for (const name of Object.keys({ ...from, ...to }) as Name[]) {
    const start = from[name] ?? 0;
    mixed[name] = start + ((to[name] ?? 0) - start) * share;
  }
  return mixed;
}
