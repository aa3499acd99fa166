import { MOUTH_HALF_WIDTH, MOUTH_Y } from './lips.js';
import { bell, smoothstep, type Vec3 } from './space.js';

/** What a vertex is, as far as the face moves it. */
export interface Site {
  readonly position: Vec3;
  readonly part: 'skin' | 'lip' | 'brow' | 'upper-teeth' | 'lower-teeth' | 'tongue';
  /** How closely it goes with the lips: 1 on them, less and less around them. */
  readonly reach: number;
  /** Where around the mouth: 1 at its left corner, -1 at its right. */
  readonly across: number;
  /** On the upper lip's side of the mouth or the lower's; 0 on the corners' line. */
  readonly upper: 1 | 0 | -1;
  /** On a lip: 0 where the lips meet, 1 at the border to the skin, below 0 inside the mouth. */
  readonly out: number;
  /** How far it goes with the jaw, 0..1. */
  readonly jaw: number;
}

/** How far the corners of the mouth go with the jaw. */
const CORNER_JAW = 0.42;

/** How far a point of the lips goes with the jaw: the lower lip's middle all the way, the upper's hardly. */
export function lipJaw(across: number, upper: Site['upper']): number {
  const full = Math.sqrt(Math.max(0, 1 - across * across));
  if (upper === 0) return CORNER_JAW;
  return upper > 0 ? CORNER_JAW * (1 - full ** 0.8) : CORNER_JAW + (1 - CORNER_JAW) * full ** 0.75;
}

/** How far a point of the skin away from the lips goes with the jaw. */
export function skinJaw([x, y, z]: Vec3): number {
  const side = Math.abs(x) > 0.5 ? 0.18 * smoothstep(0.5, 0.75, Math.abs(x)) : 0;
  return smoothstep(-0.3 - side, -0.74 - side, y) * smoothstep(-0.25, 0.2, z);
}

/** How closely a point of the skin follows the lips, by how far it is from their border. */
export function lipReach([x, y]: Vec3, borderX: number, borderY: number): number {
  const gap = Math.hypot(x - borderX, y - borderY);
  // Nothing pulls the nose.
  return bell(gap, 0.16) * (1 - 0.75 * smoothstep(-0.4, -0.26, y) * smoothstep(0.3, 0.1, Math.abs(x)));
}

/** How far out to the side a point is, in mouths: beyond 1 it is on the cheek. */
export function mouthsAcross(x: number): number {
  return Math.max(-1, Math.min(1, x / MOUTH_HALF_WIDTH));
}

/** Above the mouth's line or below. */
export function sideOfMouth(y: number): 1 | -1 {
  return y >= MOUTH_Y ? 1 : -1;
}
