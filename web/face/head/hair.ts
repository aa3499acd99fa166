import type { Palette } from './palette.js';
import type { Part, Rgb, Sculpture } from './sculpture.js';
import {
  add,
  clamp,
  cross,
  curve,
  mix,
  mixPoints,
  scale,
  smoothstep,
  subtract,
  unit,
  type Vec3,
} from './space.js';

const DEGREE = Math.PI / 180;

/** The hair lies on this ellipsoid; below its middle it hangs straight. */
const WIDTH = 0.925;
const TOP = 1.15;
const DEPTH = 0.95;
const BACK = -0.03;

/** A point on the hair: `azimuth` in degrees from the front to the head's left, and how high. */
function hairPoint(azimuth: number, y: number, offset: number): Vec3 {
  const ring = y > 0 ? Math.sqrt(Math.max(0, 1 - (y / TOP) ** 2)) : 1;
  const [sin, cos] = [Math.sin(azimuth * DEGREE), Math.cos(azimuth * DEGREE)];
  const out = hairOutward(azimuth, y);
  return add([WIDTH * ring * sin, y, DEPTH * ring * cos + BACK], scale(out, offset));
}

function hairOutward(azimuth: number, y: number): Vec3 {
  const ring = y > 0 ? Math.sqrt(Math.max(0, 1 - (y / TOP) ** 2)) : 1;
  const [sin, cos] = [Math.sin(azimuth * DEGREE), Math.cos(azimuth * DEGREE)];
  return unit([(ring * sin) / WIDTH, Math.max(0, y) / TOP / TOP, (ring * cos) / DEPTH]);
}

/** A lock of hair: stations along its middle, from the parting to the tip. */
interface Lock {
  readonly stations: readonly {
    readonly azimuth: number;
    readonly y: number;
    readonly offset: number;
    readonly halfWidth: number;
    readonly thickness: number;
  }[];
}

function lock(...rows: readonly (readonly [number, number, number, number, number])[]): Lock {
  return {
    stations: rows.map(([azimuth, y, offset, halfWidth, thickness]) => ({
      azimuth,
      y,
      offset,
      halfWidth,
      thickness,
    })),
  };
}

/** The fringe, parted on the left: azimuth, height, offset, half width, thickness. */
const LOCKS: readonly Lock[] = [
  // Over the right temple, in front of the ear.
  lock(
    [14, 1.04, 0.0, 0.1, 0.03],
    [-14, 0.92, 0.02, 0.19, 0.06],
    [-40, 0.7, 0.035, 0.23, 0.07],
    [-58, 0.36, 0.025, 0.2, 0.07],
    [-65, 0.06, -0.01, 0.11, 0.05],
    [-66, -0.24, -0.07, 0.012, 0.02],
  ),
  lock(
    [13, 1.0, 0.01, 0.08, 0.03],
    [-8, 0.83, 0.03, 0.16, 0.06],
    [-30, 0.62, 0.04, 0.18, 0.07],
    [-50, 0.4, 0.025, 0.13, 0.05],
    [-62, 0.2, -0.01, 0.012, 0.02],
  ),
  lock(
    [14, 0.95, 0.0, 0.05, 0.03],
    [2, 0.8, 0.035, 0.12, 0.06],
    [-15, 0.65, 0.045, 0.13, 0.06],
    [-32, 0.53, 0.03, 0.09, 0.05],
    [-45, 0.43, 0.0, 0.012, 0.02],
  ),
  // Over the left temple.
  lock(
    [12, 1.04, 0.0, 0.1, 0.03],
    [30, 0.92, 0.02, 0.17, 0.06],
    [46, 0.68, 0.035, 0.2, 0.07],
    [59, 0.34, 0.025, 0.18, 0.07],
    [65, 0.06, -0.01, 0.11, 0.05],
    [66, -0.24, -0.07, 0.012, 0.02],
  ),
  lock(
    [14, 1.0, 0.01, 0.05, 0.03],
    [24, 0.84, 0.03, 0.11, 0.06],
    [39, 0.64, 0.04, 0.12, 0.06],
    [53, 0.44, 0.02, 0.09, 0.05],
    [62, 0.26, -0.01, 0.012, 0.02],
  ),
];

const LOCK_ROWS = 17;
const LOCK_AROUND = 9;

/** Adds all the hair. */
export function addHair(sculpture: Sculpture, palette: Palette): readonly Part[] {
  return [
    addCap(sculpture, palette),
    addBob(sculpture, palette),
    ...LOCKS.map((each) => addLock(sculpture, palette, each)),
  ];
}

/** Lighter above, and darker between the strands. */
function hairColour({ hair, hairShine }: Palette, y: number, strand: number): Rgb {
  const lit = mixPoints(scale(hair, 0.72), mixPoints(hair, hairShine, 0.12), smoothstep(-1, 0.9, y));
  return scale(lit, 1 - 0.1 * strand);
}

/** Shallow waves around the head: strands. 0 on a strand, 1 between two. */
function strandAt(turn: number): number {
  return 0.5 + 0.5 * Math.cos(turn);
}

const CAP_COLUMNS = 48;
const CAP_ROWS = 12;
const CAP_HEM = curve([
  [0, 0.72],
  [30, 0.66],
  [58, 0.45],
  [76, 0.13],
  [92, 0.1],
  [112, -0.25],
  [180, -0.4],
]);

function addCap(sculpture: Sculpture, palette: Palette): Part {
  return sculpture.grid({ rows: CAP_ROWS, columns: CAP_COLUMNS, closed: true }, (row, column) => {
    const azimuth = (360 * column) / CAP_COLUMNS;
    const hem = CAP_HEM(azimuth > 180 ? 360 - azimuth : azimuth);
    const share = row / (CAP_ROWS - 1);
    // Even steps along the arch, from the hem to the crown.
    const hemAngle = Math.acos(clamp(hem / TOP, -1, 1));
    const y = TOP * Math.cos(hemAngle * (1 - share));
    const strand = strandAt(azimuth * DEGREE * 12) * smoothstep(1, 0.6, share);
    const offset = -0.012 * strand - (row === 0 ? 0.09 : 0);
    return {
      position: hairPoint(azimuth, y, offset),
      colour: hairColour(palette, y, strand),
      gloss: 0.35,
      light: row === 0 ? 0.7 : 1,
    };
  });
}

/** Across the horseshoe of the bob: its outside from one front edge to the other, then its inside back. */
const BOB_COLUMNS = 52;
const BOB_FRONT = 92;
const BOB_ROWS: readonly (readonly [y: number, outer: number, inner: number])[] = [
  [-1.0, 0.9, 0.86],
  [-1.1, 0.97, 0.83],
  [-1.13, 1.05, 0.81],
  [-1.08, 1.14, 0.79],
  [-0.96, 1.2, 0.78],
  [-0.75, 1.21, 0.78],
  [-0.45, 1.15, 0.78],
  [-0.15, 1.06, 0.78],
  [0.1, 0.99, 0.8],
  [0.4, 0.93, 0.84],
];

function addBob(sculpture: Sculpture, palette: Palette): Part {
  return sculpture.grid({ rows: BOB_ROWS.length, columns: BOB_COLUMNS, closed: true }, (row, column) => {
    const [height, outer, inner] = BOB_ROWS[row] ?? [0, 1, 1];
    const half = BOB_COLUMNS / 2;
    const outside = column < half;
    const along = outside ? column / (half - 1) : 1 - (column - half) / (half - 1);
    const azimuth = mix(BOB_FRONT, 360 - BOB_FRONT, along);
    const edge = 1 - smoothstep(0, 0.1, Math.min(along, 1 - along));
    const rounded = 1 - smoothstep(0, 0.22, Math.min(along, 1 - along));
    const strand = outside ? strandAt(azimuth * DEGREE * 14 + 0.6 * height) : 0.5;
    const middle = (outer + inner) / 2;
    const radius = mix(outside ? outer - 0.016 * strand : inner, middle, 0.75 * edge);
    // The hem rises behind, and is round in front.
    const y = height + smoothstep(-0.6, -1.1, height) * (0.06 * Math.sin(along * Math.PI) + 0.13 * rounded);
    const ring = y > 0 ? Math.sqrt(1 - (y / TOP) ** 2) : 1;
    const [x, z] = [Math.sin(azimuth * DEGREE), Math.cos(azimuth * DEGREE)];
    return {
      position: [WIDTH * radius * ring * x, y, DEPTH * radius * ring * z + BACK],
      colour: hairColour(palette, y, strand),
      gloss: outside ? 0.35 : 0,
      light: outside ? 1 : 0.55,
    };
  });
}

function addLock(sculpture: Sculpture, palette: Palette, { stations }: Lock): Part {
  const steps = stations.map((_, index) => index);
  const of = (pick: (station: Lock['stations'][number]) => number) =>
    curve(steps.map((index) => [index, pick(stations[index] as Lock['stations'][number])]));
  const azimuth = of((station) => station.azimuth);
  const height = of((station) => station.y);
  const offset = of((station) => station.offset);
  const halfWidth = of((station) => station.halfWidth);
  const thickness = of((station) => station.thickness);
  const centre = (t: number) => hairPoint(azimuth(t), height(t), offset(t));
  const last = stations.length - 1;
  return sculpture.grid(
    { rows: LOCK_ROWS, columns: LOCK_AROUND, closed: true, flipped: true },
    (row, column) => {
      const t = (last * row) / (LOCK_ROWS - 1);
      const along = unit(subtract(centre(Math.min(last, t + 0.05)), centre(Math.max(0, t - 0.05))));
      const outward = hairOutward(azimuth(t), height(t));
      const sideways = unit(cross(along, outward));
      const angle = (2 * Math.PI * column) / LOCK_AROUND;
      const ends = row === 0 || row === LOCK_ROWS - 1 ? 0.05 : 1;
      const position = add(
        centre(t),
        add(
          scale(sideways, ends * halfWidth(t) * Math.cos(angle)),
          scale(outward, ends * thickness(t) * Math.sin(angle)),
        ),
      );
      return {
        position,
        colour: hairColour(palette, position[1], 0.6 * Math.abs(Math.cos(angle)) ** 4),
        gloss: 0.35,
      };
    },
  );
}
