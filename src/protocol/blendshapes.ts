/**
 * The 52 ARKit blendshape names, in the column order of the wav2arkit model's output (alphabetical, Left before
 * Right). This order is the order of every weights array in this server.
 */
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
] as const;

/** One of the 52 names. */
export type Blendshape = (typeof BLENDSHAPES)[number];

/** How many weights a frame has: 52. */
export const BLENDSHAPE_COUNT = BLENDSHAPES.length;

/** The column of each name in a weights array. */
export const BLENDSHAPE_INDEX = Object.freeze(
  Object.fromEntries(BLENDSHAPES.map((name, index) => [name, index])),
) as Readonly<Record<Blendshape, number>>;

/**
 * The face at rest, as the vendor's widget draws it between turns (protocol notes, 1.3): a slight smile, the jaw
 * barely open. Frozen by convention: copy before changing.
 *
 * @returns a fresh array of 52 weights.
 */
export function restWeights(): Float32Array {
  const weights = new Float32Array(BLENDSHAPE_COUNT);
  weights[BLENDSHAPE_INDEX.mouthSmileLeft] = 0.2;
  weights[BLENDSHAPE_INDEX.mouthSmileRight] = 0.2;
  weights[BLENDSHAPE_INDEX.jawOpen] = 0.02;
  return weights;
}
