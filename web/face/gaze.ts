import type { Expression } from './expression.js';
import type { Motion } from './motion.js';
import type { Side } from './sides.js';

/** How an eye is, from what is said and what the face does by itself. Amounts 0..1, directions -1..1. */
export interface EyeState {
  /** How far the lids are closed. */
  readonly closed: number;
  /** Where it looks: right and down as the visitor sees it. */
  readonly x: number;
  readonly y: number;
}

const EYE_SHAPES = ['LookDown', 'LookUp', 'LookIn', 'LookOut'] as const;

/** Blends the server's eyes with the face's own: where the server blinks or looks, it decides. */
export function eyeState(face: Expression, side: Side, motion: Motion, eyes: 'server' | 'own'): EyeState {
  const amount = (shape: 'Blink' | (typeof EYE_SHAPES)[number]) =>
    eyes === 'own' ? 0 : face.amount(`eye${shape}${side}`);
  const outward = side === 'Left' ? 1 : -1; // the avatar's left is on the visitor's right
  const looks = EYE_SHAPES.some((shape) => amount(shape) > 0.01);
  return {
    // Her own lids still close in sleep, and when they blink together.
    closed: Math.max(amount('Blink'), motion.lids),
    x: looks ? outward * (amount('LookOut') - amount('LookIn')) : clampOne(motion.gazeX),
    y: looks ? amount('LookDown') - amount('LookUp') : clampOne(motion.gazeY),
  };
}

function clampOne(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
