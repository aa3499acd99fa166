import type { Expression } from '../expression.js';
import { eyeState } from '../gaze.js';
import type { Motion } from '../motion.js';
import type { Side } from '../sides.js';

/** The paths (SVG `d`) of an eye and its brow around the eye's centre, in the drawing's units. */
export interface EyeDrawing {
  /** What is seen of the eyeball between the lids. */
  readonly ball: string;
  /** The upper lid's edge with its lashes. */
  readonly lashes: string;
  /** The fold under the eye, and how strong it is, 0..1. */
  readonly fold: string;
  readonly foldStrength: number;
  readonly brow: string;
  /** Where the iris is. */
  readonly irisX: number;
  readonly irisY: number;
}

const HALF_WIDTH = 23;

/** The lids' middles in an open eye, and where they meet. */
const UPPER_Y = -18;
const LOWER_Y = 13;
const CLOSED_Y = 7;

/** Draws an eye: its lids, where it looks, and its brow. What the page does by itself adds to what the face says. */
export function drawEye(face: Expression, side: Side, motion: Motion, eyes: 'server' | 'own'): EyeDrawing {
  const outward = side === 'Left' ? 1 : -1; // the avatar's left is on the visitor's right
  const squint = face.amount(`eyeSquint${side}`);
  const cheek = face.amount(`cheekSquint${side}`);
  const { closed: shut, x: lookX, y: lookY } = eyeState(face, side, motion, eyes);
  const closed = Math.min(1, shut + 0.15 * squint);
  // A lid follows the eye down, and a startled one shows more of it.
  const openY = UPPER_Y * (1 + 0.22 * face.amount(`eyeWide${side}`)) + 4 * Math.max(0, lookY);
  const upperY = openY + (CLOSED_Y - openY) * closed;
  const raised = 5 * squint + 4 * cheek + 1.5 * face.amount(`mouthSmile${side}`);
  const lowerOpenY = LOWER_Y - raised;
  const lowerY = lowerOpenY + (CLOSED_Y - lowerOpenY) * closed;

  const inner = { x: -outward * HALF_WIDTH, y: 3 };
  const outer = { x: outward * HALF_WIDTH, y: 0 };
  const upper = `M${inner.x} ${inner.y}C${-outward * 15} ${arch(upperY)} ${outward * 13} ${arch(upperY)} ${outer.x} ${outer.y}`;
  return {
    ball: `${upper}C${outward * 14} ${arch(lowerY)} ${-outward * 13} ${arch(lowerY)} ${inner.x} ${inner.y}Z`,
    lashes: `${upper}l${outward * 4.5} ${(-3 + 5 * closed).toFixed(1)}`,
    fold: `M${-outward * 14} ${(lowerY + 7).toFixed(1)}q${outward * 14} ${(5 - 2 * cheek).toFixed(1)} ${outward * 27} -3`,
    foldStrength: Math.min(1, 0.8 * squint + cheek),
    brow: brow(face, side, outward),
    irisX: 7.5 * lookX,
    irisY: 6 * lookY - 1,
  };
}

/** The brow above the eye: drawn down and in, lifted at its inner or its outer end. */
function brow(face: Expression, side: Side, outward: number): string {
  const down = face.amount(`browDown${side}`);
  const innerUp = face.amount('browInnerUp');
  const outerUp = face.amount(`browOuterUp${side}`);
  const startled = 3 * face.amount(`eyeWide${side}`);
  const innerX = -outward * (21 + 4 * down);
  const innerY = -32 + 12 * down - 11 * innerUp - startled;
  const middleY = -41 + 8 * down - 5 * innerUp - 9 * outerUp - startled;
  const outerY = -32 + 3 * down + 2 * innerUp - 9 * outerUp - startled;
  return `M${innerX.toFixed(1)} ${innerY.toFixed(1)}Q${outward * 4} ${(middleY - 4).toFixed(1)} ${outward * 27} ${outerY.toFixed(1)}`;
}

/** The control height of a curve whose middle lies at `y` (its ends lie near 0). */
function arch(y: number): string {
  return (y * (4 / 3)).toFixed(1);
}
