import { MOUTH_Y } from './lips.js';
import type { Palette } from './palette.js';
import type { Part, Sculpture } from './sculpture.js';
import type { Site } from './site.js';
import { frontPoint } from './skull.js';
import { clamp, mixPoints, smoothstep, type Vec3 } from './space.js';

/** Vertices with where they belong to. */
export interface Placed {
  readonly part: Part;
  readonly sites: readonly Site[];
}

/** How far the upper teeth are behind the skin, and how quickly their arch goes back at the sides. */
const TEETH_BEHIND = 0.075;
const ARCH = 1.5;
/** Where the teeth's edges are when the mouth is closed: a little over the lips' line is upper teeth. */
const UPPER_EDGE = MOUTH_Y - 0.022;
export const LOWER_EDGE = MOUTH_Y - 0.04;
/** The lower teeth are this much behind the upper ones, and lean back to their roots. */
export const LOWER_BEHIND = 0.035;
const TEETH_HALF_WIDTH = 0.3;
const TEETH_COLUMNS = 33;

const FRONT_Z = frontPoint(0, MOUTH_Y)[2];

/** How far forward the (upper) teeth are at a width: lips must stay in front of it. */
export function teethFront(x: number): number {
  return FRONT_Z - TEETH_BEHIND - ARCH * x * x;
}

/** Adds the teeth of one jaw: from the gums to the edge, with a hint of one tooth next to another. */
export function addTeeth(sculpture: Sculpture, palette: Palette, jaw: 'upper' | 'lower'): Placed {
  const upper = jaw === 'upper';
  const up = upper ? 1 : -1;
  const edge = upper ? UPPER_EDGE : LOWER_EDGE;
  // From behind the edge over it to the gums.
  const profile = [
    { y: 0.012, z: -0.05, colour: 0 },
    { y: 0, z: -0.008, colour: 0 },
    { y: 0.03, z: 0, colour: 0 },
    { y: upper ? 0.1 : 0.085, z: 0, colour: 0.04 },
    { y: upper ? 0.112 : 0.097, z: 0.004, colour: 1 },
    { y: upper ? 0.18 : 0.14, z: -0.03, colour: 1 },
  ];
  const sites: Site[] = [];
  const part = sculpture.grid(
    { rows: profile.length, columns: TEETH_COLUMNS, flipped: !upper },
    (row, column) => {
      const { y, z, colour } = profile[row] ?? { y: 0, z: 0, colour: 0 };
      const across = (2 * column) / (TEETH_COLUMNS - 1) - 1;
      const x = TEETH_HALF_WIDTH * (upper ? 1 : 0.86) * across;
      const gap = column % 4 === 2 ? 1 : 0;
      const shorter = (upper ? 0.055 : 0.006) * across * across + 0.003 * gap * (row < 2 ? 1 : 0);
      const position: Vec3 = [
        x,
        edge + up * (y + shorter),
        teethFront(x) + z - (upper ? 0 : LOWER_BEHIND + 0.4 * y) - 0.006 * gap,
      ];
      sites.push({
        position,
        part: `${jaw}-teeth`,
        reach: 0,
        across,
        upper: upper ? 1 : -1,
        out: 0,
        jaw: upper ? 0 : 1,
      });
      const enamel = mixPoints(palette.teeth, palette.gums, 0.07 * gap);
      return {
        position,
        colour: mixPoints(enamel, palette.gums, colour),
        gloss: 0.25,
        light: (upper ? 1 : 0.93) * (1 - 0.45 * smoothstep(0.45, 1, Math.abs(across))),
      };
    },
  );
  return { part, sites };
}

const TONGUE_ROWS = 11;
const TONGUE_AROUND = 14;

/** Adds the tongue: a rounded slab that lies behind the lower teeth, its tip in front. */
export function addTongue(sculpture: Sculpture, palette: Palette): Placed {
  const sites: Site[] = [];
  const part = sculpture.grid({ rows: TONGUE_ROWS, columns: TONGUE_AROUND, closed: true }, (row, column) => {
    const along = row / (TONGUE_ROWS - 1);
    const angle = (2 * Math.PI * column) / TONGUE_AROUND;
    // Round at the tip: the slab's cross-sections shrink there to a point.
    const tip = Math.sqrt(clamp(1 - ((along - 0.55) / 0.45) ** 2, 0, 1));
    const size = along < 0.55 ? 1 : tip;
    const groove = 0.016 * Math.exp(-((Math.cos(angle) / 0.3) ** 2)) * (Math.sin(angle) > 0 ? 1 : 0);
    const position: Vec3 = [
      0.155 * size * Math.cos(angle),
      MOUTH_Y - 0.1 + 0.05 * size * Math.sin(angle) - groove * size,
      FRONT_Z - 0.44 + 0.31 * along,
    ];
    sites.push({
      position,
      part: 'tongue',
      reach: 0,
      across: Math.cos(angle),
      upper: -1,
      out: 2 * along - 1,
      jaw: 1,
    });
    return {
      position,
      colour: mixPoints(palette.tongue, palette.mouth, 0.12 * groove * 60),
      gloss: 0.3,
      light: 0.55 + 0.45 * smoothstep(0.2, 0.9, along),
    };
  });
  return { part, sites };
}
