import type { Blendshape } from '../../../src/protocol/blendshapes.ts';
import { lipJaw, type Site } from './site.js';
import { bell, smoothstep, type Vec3 } from './space.js';

/** How far a shape moves a vertex when it is fully on. */
export type Shape = (site: Site) => Vec3;

/** The shapes that move vertices in proportion. Lids and gaze turn around the eyeballs instead (eye.ts). */
export type ProportionalShape = Exclude<Blendshape, `eye${string}`>;

const STILL: Vec3 = [0, 0, 0];

/** How far the jaw goes down and back when it opens, aside, and forward. */
export const JAW_DROP = 0.23;
export const JAW_BACK = 0.07;
export const JAW_ASIDE = 0.12;
export const JAW_FORWARD = 0.12;

const isMouth = ({ part }: Site) => part === 'lip' || part === 'skin';

/** How much of a place on the lips is on one side: all of it in the corner, half of it in the middle. */
function share(site: Site, side: 1 | -1): number {
  return smoothstep(-0.35, 0.35, side * site.across);
}

/** The corner on one side and what is near it. */
function corner(site: Site, side: 1 | -1): number {
  return isMouth(site) ? smoothstep(0.12, 1, side * site.across) * site.reach : 0;
}

/** The middle of a lip, away from the corners: 1 in the middle, 0 in the corners. */
function middle(site: Site): number {
  return Math.sqrt(Math.max(0, 1 - site.across * site.across));
}

function upperLip(site: Site): number {
  return isMouth(site) && site.upper > 0 ? site.reach * middle(site) ** 0.7 : 0;
}

function lowerLip(site: Site): number {
  return isMouth(site) && site.upper < 0 ? site.reach * middle(site) ** 0.7 : 0;
}

/** How much a place of the skin (with the brows) belongs to an area around a point. */
function near({ position, part }: Site, x: number, y: number, width: number, height: number): number {
  if (part !== 'skin' && part !== 'brow') return 0;
  return position[2] < 0.1 ? 0 : bell(position[0] - x, width) * bell(position[1] - y, height);
}

/** How far the jaw moves things: skin and lips as far as they hang on it, lower teeth and tongue with it. */
function jaw(site: Site): number {
  if (site.part === 'lower-teeth') return 1;
  return site.part === 'tongue' ? 0.92 : isMouth(site) ? site.jaw : 0;
}

function jawOpen(site: Site): Vec3 {
  const drop = jaw(site);
  const narrower = isMouth(site) ? 0.1 * site.reach : 0;
  return [-narrower * site.position[0], -JAW_DROP * drop, -JAW_BACK * drop];
}

/** Brings back together what {@link jawOpen} parts: both lips meet a third of the way down. */
function mouthClose(site: Site): Vec3 {
  if (!isMouth(site)) return STILL;
  const meeting = lipJaw(site.across, 1) + 0.38 * (lipJaw(site.across, -1) - lipJaw(site.across, 1));
  const lift =
    JAW_DROP * (lipJaw(site.across, site.upper) - meeting) * site.reach * (site.upper === 0 ? 0 : 1);
  return [0, lift, lift * (JAW_BACK / JAW_DROP) + 0.012 * site.reach];
}

/** A shape's two sides, the one the mirror of the other. */
function pair<Name extends string>(
  name: Name,
  make: (side: 1 | -1) => Shape,
): Record<`${Name}Left` | `${Name}Right`, Shape> {
  return { [`${name}Left`]: make(1), [`${name}Right`]: make(-1) } as Record<
    `${Name}Left` | `${Name}Right`,
    Shape
  >;
}

/** Rounds the lips: narrower, and forward. What `flare` is to pucker and funnel: how far the lips turn out. */
function rounded(site: Site, narrowing: number, forward: number): Vec3 {
  if (!isMouth(site)) return STILL;
  const x = site.position[0];
  const near = Math.abs(x) < 0.5 ? 1 : 0;
  return [
    -narrowing * x * site.reach * near,
    0,
    forward * site.reach ** 0.6 * (site.out < -0.5 ? 0.2 : 1) * (0.6 + 0.4 * middle(site)),
  ];
}

/** Where both corners go when the lips are rounded: down, so that the opening is as round above as below. */
function roundedCorners(site: Site): number {
  return -0.045 * (corner(site, 1) + corner(site, -1));
}

/** A brow that rises stays on the forehead. */
function browForward(site: Site, amount: number): number {
  return site.part === 'brow' ? 0.022 * amount : 0;
}

const brows: Pick<Record<ProportionalShape, Shape>, 'browInnerUp'> & Record<string, Shape> = {
  browInnerUp: (site) => {
    const amount = near(site, 0.2, 0.37, 0.19, 0.2) + near(site, -0.2, 0.37, 0.19, 0.2);
    return [0, 0.12 * amount, browForward(site, amount)];
  },
  ...pair('browDown', (side) => (site) => {
    const [inner, all] = [
      near(site, side * 0.17, 0.34, 0.16, 0.17),
      near(site, side * 0.36, 0.36, 0.26, 0.17),
    ];
    return [-side * 0.045 * inner, -0.075 * inner - 0.06 * all, 0.02 * inner];
  }),
  ...pair('browOuterUp', (side) => (site) => {
    const amount = near(site, side * 0.5, 0.38, 0.2, 0.2);
    return [0, 0.12 * amount, browForward(site, amount)];
  }),
};

const cheeks: Record<string, Shape> = {
  cheekPuff: (site) => {
    const amount = near(site, 0.5, -0.48, 0.3, 0.24) - near(site, -0.5, -0.48, 0.3, 0.24);
    const lips = isMouth(site) ? site.reach : 0;
    return [0.1 * amount - 0.06 * site.position[0] * lips, 0, 0.085 * Math.abs(amount) + 0.02 * lips];
  },
  ...pair('cheekSquint', (side) => (site) => {
    const amount = near(site, side * 0.42, -0.2, 0.2, 0.13);
    return [0, 0.075 * amount, 0.05 * amount];
  }),
  ...pair('noseSneer', (side) => (site) => {
    const wing = near(site, side * 0.09, -0.26, 0.075, 0.11);
    const brow = near(site, side * 0.16, 0.3, 0.14, 0.12);
    const fold = near(site, side * 0.2, -0.38, 0.09, 0.1);
    const lip = share(site, side) * upperLip(site);
    return [
      side * 0.012 * wing,
      0.062 * wing - 0.028 * brow + 0.03 * fold + 0.022 * lip,
      0.01 * wing + 0.02 * fold,
    ];
  }),
};

const jaws: Record<string, Shape> = {
  jawOpen,
  jawForward: (site) => [0, -0.012 * jaw(site), JAW_FORWARD * jaw(site)],
  jawLeft: (site) => [JAW_ASIDE * jaw(site), 0, 0],
  jawRight: (site) => [-JAW_ASIDE * jaw(site), 0, 0],
  tongueOut: (site) => {
    if (site.part === 'tongue') {
      const tip = smoothstep(-1, 1, site.out);
      return [0, -0.03 * tip - 0.13 * tip ** 6, 0.12 + 0.3 * tip];
    }
    return [0, -0.085 * lowerLip(site) + 0.03 * upperLip(site), 0.015 * lowerLip(site)];
  },
};

const wholeMouth: Record<string, Shape> = {
  mouthClose,
  mouthFunnel: (site) => {
    const [x, , z] = rounded(site, 0.27, 0.09);
    const flare = 0.35 + 0.65 * Math.max(0, site.out);
    return [
      x,
      0.062 * upperLip(site) - 0.075 * lowerLip(site) + roundedCorners(site),
      z + 0.03 * flare * (upperLip(site) + lowerLip(site)),
    ];
  },
  mouthPucker: (site) => {
    const [x, , z] = rounded(site, 0.44, 0.12);
    const fuller = site.out > 0 ? 0.026 * site.out : 0;
    return [x, fuller * (upperLip(site) - lowerLip(site)) + roundedCorners(site), z];
  },
  mouthLeft: (site) => aside(site, 1),
  mouthRight: (site) => aside(site, -1),
  mouthRollLower: (site) => {
    const amount = lowerLip(site);
    const turn = smoothstep(-0.2, 1, site.out);
    return [0, (0.012 + 0.06 * turn) * amount, (-0.05 - 0.025 * (1 - turn)) * amount];
  },
  mouthRollUpper: (site) => {
    const amount = upperLip(site);
    const turn = smoothstep(-0.2, 1, site.out);
    return [0, -(0.008 + 0.046 * turn) * amount, (-0.045 - 0.025 * (1 - turn)) * amount];
  },
  mouthShrugLower: (site) => {
    const chin = near(site, 0, -0.85, 0.22, 0.13);
    return [
      0,
      0.06 * lowerLip(site) + 0.012 * upperLip(site) + 0.045 * chin,
      0.04 * lowerLip(site) + 0.025 * chin,
    ];
  },
  mouthShrugUpper: (site) => [0, 0.034 * upperLip(site) + 0.008 * lowerLip(site), 0.045 * upperLip(site)],
};

function aside(site: Site, side: 1 | -1): Vec3 {
  if (!isMouth(site)) return STILL;
  const behind = side * site.across;
  return [side * 0.13 * site.reach, 0.02 * corner(site, side), -0.035 * Math.max(0, behind) * site.reach];
}

const corners: Record<string, Shape> = {
  ...pair('mouthSmile', (side) => (site) => {
    const pull = corner(site, side);
    const cheek = near(site, side * 0.44, -0.3, 0.17, 0.15);
    const middleOf = share(site, side) * (upperLip(site) + lowerLip(site));
    const flatter =
      0.018 * share(site, side) * (upperLip(site) - 0.6 * lowerLip(site)) * Math.max(0, site.out);
    return [
      side * 0.085 * pull,
      0.112 * pull + 0.03 * cheek + 0.014 * middleOf - flatter,
      -0.036 * pull + 0.035 * cheek,
    ];
  }),
  ...pair('mouthFrown', (side) => (site) => {
    const pull = corner(site, side);
    return [side * 0.012 * pull, -0.115 * pull, -0.015 * pull];
  }),
  ...pair('mouthDimple', (side) => (site) => {
    const pull = corner(site, side);
    const dent = near(site, side * 0.36, -0.54, 0.07, 0.08);
    return [side * 0.06 * pull, 0.018 * pull, -0.05 * pull - 0.045 * dent];
  }),
  ...pair('mouthStretch', (side) => (site) => {
    const pull = corner(site, side);
    const thin = 0.02 * share(site, side) * Math.max(0, site.out) * (lowerLip(site) - 0.6 * upperLip(site));
    return [side * 0.115 * pull, -0.035 * pull + thin, -0.04 * pull];
  }),
  ...pair('mouthPress', (side) => (site) => {
    const amount = share(site, side) * (lowerLip(site) - upperLip(site));
    const both = share(site, side) * (lowerLip(site) + upperLip(site));
    const pull = corner(site, side);
    return [
      side * 0.03 * pull,
      0.036 * Math.max(0, site.out) * amount,
      -0.028 * Math.max(0.3, site.out) * both,
    ];
  }),
  ...pair('mouthLowerDown', (side) => (site) => {
    const amount = share(site, side) * lowerLip(site);
    return [side * 0.012 * amount, -0.115 * amount, 0.012 * amount];
  }),
  ...pair('mouthUpperUp', (side) => (site) => {
    const amount = share(site, side) * upperLip(site);
    const fold = near(site, side * 0.2, -0.4, 0.1, 0.1);
    return [0, 0.085 * amount + 0.02 * fold, 0.012 * amount + 0.012 * fold];
  }),
};

/** Every shape that moves vertices in proportion to its weight. */
export const SHAPES = { ...brows, ...cheeks, ...jaws, ...wholeMouth, ...corners } as Readonly<
  Record<ProportionalShape, Shape>
>;
