import { BLENDSHAPE_INDEX, type Blendshape } from '../src/protocol/blendshapes.ts';

/** What an animator made of a clip. */
export interface Track {
  /** 52 weights a frame. */
  readonly weights: readonly Float32Array[];
  /** 15 a frame, where it tells them. */
  readonly visemes?: readonly Float32Array[];
  /** The first frames after one window took over from another, where it works in windows. */
  readonly seams?: readonly number[];
}

/** The 14 channels with which the full-size model moves a mouth; those with sides are averaged over both. */
export const MOUTH_CHANNELS = [
  'jawOpen',
  'mouthLowerDown',
  'mouthUpperUp',
  'mouthPucker',
  'mouthFunnel',
  'mouthStretch',
  'mouthClose',
  'mouthPress',
  'mouthShrugUpper',
  'mouthShrugLower',
  'mouthRollLower',
  'mouthFrown',
  'noseSneer',
  'cheekPuff',
] as const;

/** One of them. */
export type MouthChannel = (typeof MOUTH_CHANNELS)[number] | 'mouthSmile' | 'mouthRollUpper';

/** A channel of one frame: of both sides the mean. */
export function channelOf(weights: Float32Array, channel: MouthChannel): number {
  const at = (name: string) => weights[BLENDSHAPE_INDEX[name as Blendshape]];
  const whole = at(channel);
  if (whole !== undefined) return whole;
  return ((at(`${channel}Left`) ?? 0) + (at(`${channel}Right`) ?? 0)) / 2;
}

/** A channel over time. */
export function curve(weights: readonly Float32Array[], channel: MouthChannel): number[] {
  return weights.map((frame) => channelOf(frame, channel));
}

/** How far the lips are apart, in no unit: jaw + half the lower lip + a quarter of the upper - half of mouthClose. */
export function aperture(weights: Float32Array): number {
  const open =
    channelOf(weights, 'jawOpen') +
    0.5 * channelOf(weights, 'mouthLowerDown') +
    0.25 * channelOf(weights, 'mouthUpperUp') -
    0.5 * channelOf(weights, 'mouthClose');
  return Math.max(0, open);
}
