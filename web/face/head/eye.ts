import type { Side } from '../sides.js';
import type { Palette } from './palette.js';
import type { Part, Sculpture } from './sculpture.js';
import { clamp, mix, mixPoints, smoothstep, type Vec3 } from './space.js';

/** An eye as it is at a moment. Amounts are 0..1, directions -1..1. */
export interface EyePose {
  readonly closed: number;
  readonly wide: number;
  readonly squint: number;
  /** How far the cheek pushes the lower lid up. */
  readonly cheek: number;
  /** Where it looks: to the head's left, and up. */
  readonly lookLeft: number;
  readonly lookUp: number;
}

const DEGREE = Math.PI / 180;
const RADIUS = 0.285;
const CENTRE: Vec3 = [0.355, 0.0, 0.44];
/** The eye's opening turns out with the face's surface. */
const TURN_OUT = 7 * DEGREE;

/** Half the opening's width, and how far its lids are from the line between its corners. */
const HALF_WIDTH = 47 * DEGREE;
const UPPER = 36 * DEGREE;
const LOWER = 27 * DEGREE;
const CLOSED = -15 * DEGREE;
const INNER_CORNER = -5 * DEGREE;
const OUTER_CORNER = 4 * DEGREE;

const IRIS = 28 * DEGREE;
/** Eyes that look straight ahead seem to squint where the face is round: they look out this much. */
const APART = 4.5 * DEGREE;
const LOOK_SIDE = 24 * DEGREE;
const LOOK_UP = 17 * DEGREE;

/** Layers over the eyeball, in eyeballs' radii: close, but never through one another. */
const LAYER = { iris: 1.012, glint: 1.032, rim: 1.045, lid: 1.075, lash: 1.1, lashTop: 1.125 };

const LID_COLUMNS = 23;
const LID_ROWS = [-1, 0, 0.12, 0.3, 0.6, 1];
const LASH_COLUMNS = 19;
const IRIS_RINGS = 5;
const IRIS_AROUND = 24;
const GLINTS = [
  { side: -0.2, up: 0.24, size: 0.068 },
  { side: 0.17, up: -0.17, size: 0.03 },
];

/** One eye with its lids and lashes: computed anew for each pose. */
export class Eye {
  readonly parts: readonly Part[];
  /** How far each vertex is shaded like the skin around the eye, above it (1) or below (-1): lids fade into it. */
  readonly blends: readonly number[];
  readonly first: number;
  readonly #outward: 1 | -1;
  readonly #places: readonly ((pose: EyePose) => Vec3)[];

  constructor(sculpture: Sculpture, side: Side, palette: Palette) {
    this.#outward = side === 'Left' ? 1 : -1;
    this.first = sculpture.vertexCount;
    const places: ((pose: EyePose) => Vec3)[] = [];
    const open: EyePose = { closed: 0, wide: 0, squint: 0, cheek: 0, lookLeft: 0, lookUp: 0 };
    const blends: number[] = [];
    const put = (place: (pose: EyePose) => Vec3, blend = 0): Vec3 => {
      places.push(place);
      blends.push(blend);
      return place(open);
    };
    const flipped = side === 'Right';
    const ball = sculpture.grid({ rows: 11, columns: 13, flipped }, (row, column) => {
      const [azimuth, elevation] = [(column - 6) * 13 * DEGREE, (row - 5) * 13 * DEGREE];
      const position = this.#at(azimuth, elevation, 1);
      return {
        position: put(() => position),
        colour: palette.eyeWhite,
        gloss: 0,
        light:
          1 -
          0.3 * smoothstep(12 * DEGREE, 34 * DEGREE, elevation) -
          0.12 * smoothstep(0.5, 0.9, Math.abs(azimuth)),
      };
    });
    const iris = sculpture.grid(
      { rows: IRIS_RINGS, columns: IRIS_AROUND, closed: true, flipped: true },
      (row, column) => {
        const [rho, theta] = [row / (IRIS_RINGS - 1), (2 * Math.PI * column) / IRIS_AROUND];
        return {
          position: put((pose) => this.#irisPoint(rho * IRIS, theta, pose)),
          colour: [1, 1, 1],
          paint: [0.75 + 0.235 * rho * Math.cos(theta), 0.5 + 0.47 * rho * Math.sin(theta)],
          light: 1,
          gloss: 0,
        };
      },
    );
    const glints = GLINTS.map(({ side: across, up, size }) =>
      sculpture.grid({ rows: 2, columns: 10, closed: true, flipped: true }, (row, column) => {
        const theta = (2 * Math.PI * column) / 10;
        const [x, y] = [across + row * size * Math.cos(theta), up + row * size * Math.sin(theta)];
        return { position: put((pose) => this.#glintPoint(x, y, pose)), colour: [1, 1, 1], gloss: 1 };
      }),
    );
    const lids = ([1, -1] as const).map((up) =>
      sculpture.grid(
        { rows: LID_ROWS.length, columns: LID_COLUMNS, flipped: (up === 1) === flipped },
        (row, column) => {
          const s = mix(-1.75, 1.75, column / (LID_COLUMNS - 1));
          const share = LID_ROWS[row] ?? 1;
          return {
            position: put(
              (pose) => this.#lidPoint(s, share, up, pose),
              up * Math.max(smoothstep(0.05, 0.45, share), smoothstep(0.9, 1.4, Math.abs(s))),
            ),
            colour: mixPoints(palette.blush, palette.skin, smoothstep(-0.6, 0.8, share) * 0.35 + 0.65),
            gloss: 0.05,
            light: share < 0 ? 0.75 : mix(0.97, 1, share),
          };
        },
      ),
    );
    const lashes = sculpture.grid({ rows: 4, columns: LASH_COLUMNS, flipped }, (row, column) => {
      const s = mix(-0.98, 1.2, column / (LASH_COLUMNS - 1));
      return {
        position: put((pose) => this.#lashPoint(s, row, pose)),
        colour: palette.lashes,
        gloss: 0.1,
      };
    });
    this.#places = places;
    this.blends = blends;
    this.parts = [ball, iris, ...glints, ...lids, lashes];
  }

  /** Turns the lids' normals to where the skin around the eye faces, the more the nearer they are to it. */
  blendNormals(normals: Float32Array): void {
    this.blends.forEach((blend, index) => {
      if (blend === 0) return;
      const facing: Vec3 = [this.#outward * 0.4, blend > 0 ? 0.1 : -0.3, 0.87];
      const at = 3 * (this.first + index);
      facing.forEach((value, axis) => {
        normals[at + axis] = mix(normals[at + axis] ?? 0, value, 0.6 * Math.abs(blend));
      });
    });
  }

  /** Writes where everything is into the positions of the whole head. */
  pose(positions: Float32Array, pose: EyePose): void {
    this.#places.forEach((place, index) => {
      const [x, y, z] = place(pose);
      const at = 3 * (this.first + index);
      positions[at] = x;
      positions[at + 1] = y;
      positions[at + 2] = z;
    });
  }

  /** A point around the eyeball: `azimuth` out from the opening's middle, `elevation` up, both in radians. */
  #at(azimuth: number, elevation: number, layer: number): Vec3 {
    const out = azimuth + TURN_OUT;
    const radius = RADIUS * layer;
    return [
      this.#outward * (CENTRE[0] + radius * Math.sin(out) * Math.cos(elevation)),
      CENTRE[1] + radius * Math.sin(elevation),
      CENTRE[2] + radius * Math.cos(out) * Math.cos(elevation),
    ];
  }

  /** The edge of a lid at `s`, from the inner corner (-1) to the outer (1); beyond them both lids are one. */
  #edge(s: number, up: 1 | -1, pose: EyePose): number {
    const corner = mix(INNER_CORNER, OUTER_CORNER, clamp((s + 1) / 2, 0, 1));
    const inside = Math.max(0, 1 - s * s);
    const shut = corner + CLOSED * inside ** 0.7;
    const follow = 0.32 * pose.lookUp * LOOK_UP;
    const wide = 1 + 0.24 * pose.wide - 0.2 * pose.squint;
    const raised = LOWER * (1 - 0.5 * pose.squint - 0.42 * pose.cheek + 0.1 * pose.wide);
    const open =
      up === 1
        ? corner + (UPPER * wide + follow) * inside ** 0.58
        : corner - (raised - follow * 0.4) * inside ** 0.8;
    return mix(open, shut, up === 1 ? pose.closed : 0.92 * pose.closed);
  }

  #lidPoint(s: number, share: number, up: 1 | -1, pose: EyePose): Vec3 {
    const edge = this.#edge(s, up, pose);
    const azimuth = s * HALF_WIDTH;
    if (share < 0) return this.#at(azimuth, edge, LAYER.rim);
    return this.#at(azimuth, mix(edge, up * 84 * DEGREE, share), LAYER.lid - (share === 0 ? 0.006 : 0));
  }

  #lashPoint(s: number, row: number, pose: EyePose): Vec3 {
    const wing = Math.max(0, s - 0.9);
    const edge = this.#edge(Math.min(s, 0.97), 1, pose) + wing * (0.5 - 0.6 * pose.closed);
    const thickness = 7.5 * DEGREE * smoothstep(-1.1, 0.1, s) * smoothstep(1.22, 0.75, s);
    const layer = [LAYER.rim, LAYER.lash, LAYER.lashTop, LAYER.lid - 0.01][row] ?? 1;
    const elevation = edge + thickness * ([-0.28, -0.2, 0.5, 1][row] ?? 0);
    return this.#at(s * HALF_WIDTH, elevation, layer);
  }

  #irisPoint(rho: number, theta: number, pose: EyePose): Vec3 {
    const ahead = Math.cos(rho);
    const side = Math.sin(rho) * Math.cos(theta);
    const up = Math.sin(rho) * Math.sin(theta);
    return this.#looking(
      side,
      up,
      ahead,
      this.#outward * APART + LOOK_SIDE * pose.lookLeft,
      LOOK_UP * pose.lookUp,
      LAYER.iris,
    );
  }

  /** What the eye reflects stays nearly where it is when the eye turns. */
  #glintPoint(side: number, up: number, pose: EyePose): Vec3 {
    const ahead = Math.sqrt(1 - side * side - up * up);
    return this.#looking(
      side,
      up,
      ahead,
      this.#outward * APART + 0.55 * LOOK_SIDE * pose.lookLeft,
      0.55 * LOOK_UP * pose.lookUp,
      LAYER.glint,
    );
  }

  #looking(side: number, up: number, ahead: number, yaw: number, pitch: number, layer: number): Vec3 {
    const y = up * Math.cos(pitch) + ahead * Math.sin(pitch);
    const forward = ahead * Math.cos(pitch) - up * Math.sin(pitch);
    const x = side * Math.cos(yaw) + forward * Math.sin(yaw);
    const z = forward * Math.cos(yaw) - side * Math.sin(yaw);
    const radius = RADIUS * layer;
    return [this.#outward * CENTRE[0] + radius * x, CENTRE[1] + radius * y, CENTRE[2] + radius * z];
  }
}
