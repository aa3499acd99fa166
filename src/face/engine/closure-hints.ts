import { BLENDSHAPE_INDEX as COLUMN } from '../../protocol/blendshapes.ts';
import { aperture } from './aperture.ts';
import type { FrameLevels } from './frame-levels.ts';

/** Frames looked at before and after one for how far open the mouth is otherwise. */
const FRAMES_BEFORE = 8;
const FRAMES_AFTER = 3;

/** Closing the mouth that much more than around (share of the widest aperture) is a hint, from .. to certain. */
const DIP_FROM = 0.4;
const DIP_TO = 0.65;

/** Rises of mouthClose and mouthPress that are a hint. In the style of identity 11 only mouthClose moves much. */
const CLOSE_RISE = [0.012, 0.045] as const;
const PRESS_RISE = [0.08, 0.2] as const;

/** How far (dB) the quietest 11 ms lie below the loudest around: stops are silent, m is muffled. */
const SOUND_DIP_DB = [8, 16] as const;

/**
 * How surely the lips are closed in a frame (p, b, m), 0..1. The model begins such closures but does not finish them:
 * this asks for a dip of its own aperture, a rise of its own mouthClose or mouthPress, and a dip in the sound, all at
 * once. It knows no words: closures the model does not hint at stay as they are, and a t or k in which the model happens
 * to bring the lips together closes too.
 *
 * @param at predicted weights of a frame, if there are any.
 */
export function closureOf(
  at: (frame: number) => Float32Array | undefined,
  levels: FrameLevels,
  frame: number,
): number {
  const now = at(frame);
  if (now === undefined) return 0;
  let widest = 0;
  let leastClose = Number.POSITIVE_INFINITY;
  let leastPress = Number.POSITIVE_INFINITY;
  let loudest = -120;
  let quietest = 0;
  for (let other = frame - FRAMES_BEFORE; other <= frame + FRAMES_AFTER; other += 1) {
    const weights = at(other);
    if (weights === undefined) continue;
    widest = Math.max(widest, aperture(weights));
    leastClose = Math.min(leastClose, weights[COLUMN.mouthClose] as number);
    leastPress = Math.min(leastPress, press(weights));
    const level = levels.at(other);
    loudest = Math.max(loudest, level.mostDbfs);
    // The lips run one or two frames ahead of their sound.
    if (other >= frame - 1 && other < frame + FRAMES_AFTER) quietest = Math.min(quietest, level.leastDbfs);
  }
  if (widest <= 0) return 0;
  const dip = ramp(1 - aperture(now) / widest, DIP_FROM, DIP_TO);
  const lips = Math.max(
    ramp((now[COLUMN.mouthClose] as number) - leastClose, ...CLOSE_RISE),
    ramp(press(now) - leastPress, ...PRESS_RISE),
  );
  return dip * lips * ramp(loudest - quietest, ...SOUND_DIP_DB);
}

function press(weights: Float32Array): number {
  return ((weights[COLUMN.mouthPressLeft] as number) + (weights[COLUMN.mouthPressRight] as number)) / 2;
}

function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
