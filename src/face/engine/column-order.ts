import { BLENDSHAPE_COUNT, BLENDSHAPES } from '../../protocol/blendshapes.ts';

/** For each of the 52 weights in BLENDSHAPES order, the column of the model's output that holds it. */
export type ColumnOrder = readonly number[];

/** The order of the known models' outputs, which is this server's own. */
export const LAM_ORDER: ColumnOrder = BLENDSHAPES.map((_, column) => column);

/** The order in Apple's documentation of ARKit: jawOpen at 17. */
const APPLE_NAMES: readonly string[] = [
  'eyeBlinkLeft',
  'eyeLookDownLeft',
  'eyeLookInLeft',
  'eyeLookOutLeft',
  'eyeLookUpLeft',
  'eyeSquintLeft',
  'eyeWideLeft',
  'eyeBlinkRight',
  'eyeLookDownRight',
  'eyeLookInRight',
  'eyeLookOutRight',
  'eyeLookUpRight',
  'eyeSquintRight',
  'eyeWideRight',
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

/** Apple's order. */
export const APPLE_ORDER: ColumnOrder = orderOf(APPLE_NAMES) ?? LAM_ORDER;

/** The order a list of column names describes; undefined unless it names each of the 52 once. */
export function orderOf(names: unknown): ColumnOrder | undefined {
  if (!Array.isArray(names) || names.length !== BLENDSHAPE_COUNT) return undefined;
  const columns = BLENDSHAPES.map((name) => names.indexOf(name));
  return columns.includes(-1) ? undefined : columns;
}

/** Whether two orders are the same. */
export function sameOrder(a: ColumnOrder, b: ColumnOrder): boolean {
  return a.every((column, index) => column === b[index]);
}
