import type { Side } from '../sides.js';
import type { Palette } from './palette.js';
import type { Part, Sculpture } from './sculpture.js';
import { bell, mixPoints, type Vec3 } from './space.js';

const CENTRE: Vec3 = [0.85, -0.07, -0.04];
const RINGS = 7;
const AROUND = 18;

/** Adds an ear with its earring: a shallow shell that stands off the head. */
export function addEar(sculpture: Sculpture, palette: Palette, side: Side): readonly Part[] {
  const outward = side === 'Left' ? 1 : -1;
  const flipped = side === 'Right';
  const ear = sculpture.grid({ rows: RINGS, columns: AROUND, closed: true, flipped }, (row, column) => {
    // From the middle over the rolled rim to behind.
    const rim = [0.05, 0.35, 0.62, 0.82, 1, 1.02, 0.7][row] ?? 0;
    const out = [0.0, 0.005, 0.012, 0.045, 0.04, 0, -0.06][row] ?? 0;
    const angle = (2 * Math.PI * column) / AROUND;
    const [forward, up] = [Math.cos(angle), Math.sin(angle)];
    const lobe = up < 0 ? 0.72 : 1;
    const across = 0.085 * rim * forward * lobe;
    const position: Vec3 = [
      outward * (CENTRE[0] + out - 0.085 * forward * rim + 0.025 * up),
      CENTRE[1] + 0.19 * rim * up,
      CENTRE[2] + across * 1.1,
    ];
    const inner = bell(rim, 0.55);
    return {
      position,
      colour: mixPoints(palette.skin, palette.blush, 0.12 + 0.22 * inner),
      gloss: 0.05,
      light: 1 - 0.22 * inner,
    };
  });
  const earring = sculpture.grid({ rows: 7, columns: 10, closed: true, flipped: !flipped }, (row, column) => {
    const [polar, angle] = [(Math.PI * row) / 6, (2 * Math.PI * column) / 10];
    const radius = 0.05;
    return {
      position: [
        outward * (CENTRE[0] + 0.035 + radius * Math.sin(polar) * Math.cos(angle)),
        CENTRE[1] - 0.245 - radius * Math.cos(polar),
        CENTRE[2] + 0.02 + radius * Math.sin(polar) * Math.sin(angle),
      ],
      colour: palette.earrings,
      gloss: 0.9,
    };
  });
  return [ear, earring];
}
