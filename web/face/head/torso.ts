import type { Palette } from './palette.js';
import type { Part, Sculpture } from './sculpture.js';
import { mixPoints, smoothstep } from './space.js';

const AROUND = 36;

/** Up the body: height, half width, half depth, how far in front of the neck's middle, and what it is. */
type Level = readonly [
  y: number,
  width: number,
  depth: number,
  z: number,
  what: 'skin' | 'collar' | 'sweater',
];

const NECK: readonly Level[] = [
  [-1.75, 0.36, 0.34, -0.06, 'skin'],
  [-1.3, 0.325, 0.31, -0.05, 'skin'],
  [-1.05, 0.305, 0.3, -0.05, 'skin'],
  [-0.8, 0.31, 0.32, -0.07, 'skin'],
  [-0.5, 0.36, 0.36, -0.1, 'skin'],
];

const SWEATER: readonly Level[] = [
  [-2.5, 1.36, 0.66, -0.08, 'sweater'],
  [-2.15, 1.33, 0.66, -0.08, 'sweater'],
  [-1.88, 1.24, 0.64, -0.08, 'sweater'],
  [-1.7, 1.06, 0.6, -0.09, 'sweater'],
  [-1.57, 0.82, 0.54, -0.09, 'sweater'],
  [-1.47, 0.6, 0.48, -0.07, 'sweater'],
  [-1.41, 0.47, 0.43, -0.06, 'sweater'],
];

const COLLAR: readonly Level[] = [
  [-1.5, 0.44, 0.41, -0.06, 'collar'],
  [-1.42, 0.475, 0.44, -0.055, 'collar'],
  [-1.32, 0.475, 0.44, -0.05, 'collar'],
  [-1.22, 0.455, 0.425, -0.05, 'collar'],
  [-1.17, 0.425, 0.4, -0.05, 'collar'],
  [-1.18, 0.385, 0.36, -0.05, 'collar'],
  [-1.3, 0.36, 0.34, -0.05, 'collar'],
];

/** Adds neck, sweater and collar. */
export function addTorso(sculpture: Sculpture, palette: Palette): readonly Part[] {
  return [NECK, SWEATER, COLLAR].map((levels) =>
    sculpture.grid({ rows: levels.length, columns: AROUND, closed: true }, (row, column) => {
      const [y, width, depth, z, what] = levels[row] ?? [0, 0, 0, 0, 'skin' as const];
      const angle = (2 * Math.PI * column) / AROUND;
      const knit = what === 'skin' ? 0 : 0.5 + 0.5 * Math.cos(18 * angle);
      const colour = palette[what];
      return {
        // The collar dips in front.
        position: [
          width * Math.sin(angle),
          y - (what === 'collar' ? 0.05 * Math.cos(angle) : 0),
          depth * Math.cos(angle) + z,
        ],
        colour: what === 'collar' ? mixPoints(colour, palette.sweater, 0.5 * knit) : colour,
        gloss: 0,
        light: what === 'skin' ? 1 - 0.35 * smoothstep(-1.15, -0.9, y) : row === levels.length - 1 ? 0.6 : 1,
      };
    }),
  );
}
