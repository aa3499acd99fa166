import { frontPoint } from './skull.js';
import { bell, type Vec3 } from './space.js';

/** Where the lips meet in the middle, and how far it is from there to a corner. */
export const MOUTH_Y = -0.575;
export const MOUTH_HALF_WIDTH = 0.265;

/** How many vertices go around the mouth. A multiple of 4, so that both corners and both middles are among them. */
export const AROUND = 56;

/** The rings around the mouth from its back to the skin; the contact ring is where the lips meet. */
export const RINGS = ['back', 'cavity', 'inside', 'contact', 'crest', 'border'] as const;
export const CONTACT = RINGS.indexOf('contact');
export const BORDER = RINGS.indexOf('border');

/** Where a vertex is around the mouth: from its left corner (+1) to its right (-1), on the upper lip or the lower. */
export interface Around {
  readonly across: number;
  readonly upper: boolean;
  /** One of the two corners, where the lips are one. */
  readonly corner: boolean;
}

/** Where vertex `column` of a ring is: counted from the left corner over the upper lip. */
export function around(column: number): Around {
  const angle = (2 * Math.PI * column) / AROUND;
  return {
    across: Math.cos(angle),
    upper: column < AROUND / 2,
    corner: column % (AROUND / 2) === 0,
  };
}

/** The column of the other lip at the same place. */
export function oppositeColumn(column: number): number {
  return (AROUND - column) % AROUND;
}

/** How high the lips' line is above its middle: it smiles a little. */
function lineRise(across: number): number {
  return 0.03 * across * across;
}

/** From the line to the border of the upper lip (with its bow) or the lower. */
function lipHeight(across: number, upper: boolean): number {
  const full = Math.max(0, 1 - across * across);
  if (!upper) return 0.084 * full ** 0.62;
  return 0.058 * full ** 0.8 + 0.011 * bell(Math.abs(across) - 0.27, 0.16) - 0.008 * bell(across, 0.12);
}

/** How far behind the contact line, sideways of the face, and in depth each inner ring is. */
const INNER: Readonly<Record<string, { readonly width: number; readonly y: number; readonly z: number }>> = {
  back: { width: 0.01, y: 0.001, z: -0.42 },
  cavity: { width: 0.96, y: 0.13, z: -0.2 },
  inside: { width: 1, y: 0.014, z: -0.05 },
};

/** A vertex of the lips at rest. */
export function lipPoint(ring: (typeof RINGS)[number], column: number): Vec3 {
  const { across, upper } = around(column);
  const sign = upper ? 1 : -1;
  const full = Math.sqrt(Math.max(0, 1 - across * across));
  const x = MOUTH_HALF_WIDTH * across;
  const y = MOUTH_Y + lineRise(across);
  const inner = INNER[ring];
  if (inner !== undefined) {
    const surface = frontPoint(x * 0.98, y);
    return [x * inner.width, y + sign * inner.y * full * (upper ? 1 : 1.25), surface[2] + inner.z];
  }
  const share = { contact: 0, crest: 0.52, border: 1 }[ring as 'contact' | 'crest' | 'border'];
  const height = lipHeight(across, upper);
  const outer = frontPoint(x * (1 + 0.035 * share), y + sign * share * height);
  const bulge = { contact: 0.012, crest: upper ? 0.034 : 0.044, border: 0 }[
    ring as 'contact' | 'crest' | 'border'
  ];
  return [outer[0], outer[1], outer[2] + bulge * full ** 0.7];
}
