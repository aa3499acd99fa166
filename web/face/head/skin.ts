import { AROUND, around, BORDER, lipPoint, MOUTH_Y, RINGS } from './lips.js';
import type { Palette } from './palette.js';
import type { Part, Rgb, Sculpture } from './sculpture.js';
import { lipJaw, lipReach, type Site, skinJaw } from './site.js';
import { frontDirection, skullPoint } from './skull.js';
import { add, bell, clamp, cross, dot, mix, mixPoints, scale, smoothstep, unit, type Vec3 } from './space.js';

/** How far (radians, on the sphere of directions) the rings of skin are from the mouth: close where much moves. */
const SKIN_ANGLES = [
  0.008, 0.03, 0.07, 0.115, 0.165, 0.22, 0.28, 0.345, 0.41, 0.48, 0.55, 0.63, 0.71, 0.8, 0.9, 1.01, 1.14, 1.3,
  1.5, 1.75, 2.1, 2.6,
];

/** The skin of the head with lips and the inside of the mouth: one surface, ring upon ring around the mouth. */
export interface Skin {
  readonly part: Part;
  readonly sites: readonly Site[];
}

/** Paint coordinates of a point of the skin: the face seen from the front. */
export function skinPaint([x, y]: Vec3): readonly [number, number] {
  return [clamp(0.25 + 0.25 * x, 0.005, 0.495), clamp(0.5 + 0.48 * y, 0.01, 0.985)];
}

/** Adds the skin. */
export function addSkin(sculpture: Sculpture, palette: Palette): Skin {
  const rows: {
    readonly site: Site;
    readonly colour: Rgb;
    readonly gloss: number;
    readonly light: number;
  }[][] = [];
  RINGS.forEach((ring, index) => {
    rows.push(
      columns((column) => {
        const { across, upper, corner } = around(column);
        const side = corner ? 0 : upper ? 1 : -1;
        return {
          site: {
            position: lipPoint(ring, column),
            part: 'lip',
            reach: index === 0 ? 0 : index === 1 ? 0.85 : 1,
            across,
            upper: index === 0 ? 0 : side,
            out: [-1, -0.6, -0.3, 0, 0.55, 1][index] ?? 1,
            jaw: index === 0 ? 0.3 : lipJaw(across, side),
          },
          colour: lipColour(index, upper, palette),
          gloss: index === 4 ? 0.5 : index > 2 ? 0.25 : 0,
          light: [0.25, 0.5, 0.8, 0.92, 1, 1][index] ?? 1,
        };
      }),
    );
  });
  for (const angle of SKIN_ANGLES) {
    rows.push(
      columns((column) => ({ site: skinSite(angle, column), colour: palette.skin, gloss: 0.06, light: 1 })),
    );
  }
  const part = sculpture.grid(
    { rows: rows.length, columns: AROUND, closed: true, flipped: true },
    (row, column) => {
      const vertex = rows[row]?.[column];
      if (vertex === undefined) throw new RangeError('no such vertex');
      const { position } = vertex.site;
      return {
        position,
        colour: vertex.colour,
        gloss: vertex.gloss + 0.3 * noseTip(position),
        light: vertex.light * (row > BORDER ? underChin(position) : 1),
        paint: skinPaint(position),
      };
    },
  );
  return { part, sites: rows.flat().map(({ site }) => site) };
}

function columns<Item>(make: (column: number) => Item): Item[] {
  return Array.from({ length: AROUND }, (_, column) => make(column));
}

function noseTip([x, y]: Vec3): number {
  return bell(x, 0.07) * bell(y + 0.23, 0.06);
}

function lipColour(ring: number, upper: boolean, palette: Palette): Rgb {
  const lip = upper ? mixPoints(palette.lips, palette.mouth, 0.12) : palette.lips;
  if (ring < 2) return palette.mouth;
  if (ring === 2) return mixPoints(palette.mouth, lip, 0.45);
  return ring === 3 ? mixPoints(palette.mouth, lip, 0.72) : lip;
}

/** Little light comes to the underside of the jaw. */
function underChin([, y, z]: Vec3): number {
  return 1 - 0.4 * smoothstep(-0.86, -1, y) * smoothstep(0.62, 0.3, z);
}

const MIDDLE = frontDirection(0, MOUTH_Y);
const RIGHTWARD: Vec3 = [1, 0, 0];
const UPWARD = unit(cross(MIDDLE, RIGHTWARD));

/** The vertex of the skin at this angle from the mouth. Near the lips rings have their shape, farther out they are round. */
function skinSite(angle: number, column: number): Site {
  const { across, upper, corner } = around(column);
  const border = lipPoint('border', column);
  const start = frontDirection(border[0], border[1]);
  const startAngle = Math.acos(clamp(dot(start, MIDDLE), -1, 1));
  const startBearing = Math.atan2(dot(start, UPWARD), dot(start, RIGHTWARD));
  const evenBearing = (2 * Math.PI * column) / AROUND;
  const turn = Math.atan2(Math.sin(evenBearing - startBearing), Math.cos(evenBearing - startBearing));
  const bearing = startBearing + turn * smoothstep(0, 0.7, angle);
  const distance = angle + startAngle * mix(1, 0, smoothstep(0, 1.2, angle));
  const sideways = add(scale(RIGHTWARD, Math.cos(bearing)), scale(UPWARD, Math.sin(bearing)));
  const direction = add(scale(MIDDLE, Math.cos(distance)), scale(sideways, Math.sin(distance)));
  const position = skullPoint(unit(direction));
  const reach = position[2] > 0 ? lipReach(position, border[0], border[1]) : 0;
  const side = corner ? 0 : upper ? 1 : -1;
  return {
    position,
    part: 'skin',
    reach,
    across,
    upper: side,
    out: 1,
    jaw: mix(skinJaw(position), lipJaw(across, side), reach),
  };
}
