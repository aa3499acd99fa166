import type { Side } from '../sides.js';
import type { Placed } from './interior.js';
import type { Palette } from './palette.js';
import type { Sculpture } from './sculpture.js';
import type { Site } from './site.js';
import { frontPoint } from './skull.js';
import { curve, type Vec3 } from './space.js';

/** Across and up from the inner end to the outer, and half the brow's height on the way. */
const LINE_Y = curve([
  [0.15, 0.39],
  [0.28, 0.428],
  [0.4, 0.436],
  [0.52, 0.408],
  [0.61, 0.36],
]);
const HALF_HEIGHT = curve([
  [0.15, 0.026],
  [0.2, 0.036],
  [0.34, 0.038],
  [0.48, 0.03],
  [0.61, 0.012],
]);
const COLUMNS = 15;
const AROUND = 6;

/** Adds a brow: a soft stroke that lies on the skin and goes with it. */
export function addBrow(sculpture: Sculpture, palette: Palette, side: Side): Placed {
  const outward = side === 'Left' ? 1 : -1;
  const sites: Site[] = [];
  const part = sculpture.grid(
    { rows: COLUMNS, columns: AROUND, closed: true, flipped: side === 'Left' },
    (row, column) => {
      const t = row / (COLUMNS - 1);
      const x = 0.15 + 0.46 * t;
      const angle = (2 * Math.PI * column) / AROUND;
      const height = HALF_HEIGHT(x) * (row === 0 || row === COLUMNS - 1 ? 0.15 : 1);
      const [sx, sy, sz] = frontPoint(x, LINE_Y(x) + height * Math.sin(angle));
      const position: Vec3 = [outward * sx, sy, sz + 0.012 + 0.024 * Math.cos(angle)];
      sites.push({ position, part: 'brow', reach: 0, across: outward, upper: 1, out: 1, jaw: 0 });
      return { position, colour: palette.brows, gloss: 0.1 };
    },
  );
  return { part, sites };
}
