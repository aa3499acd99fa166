import type { Blendshape } from '../../src/protocol/blendshapes.ts';
import type { Weights } from '../weights.js';
import type { Paired, Side } from './sides.js';

const SIDES = ['Left', 'Right'] as const;

/** A curve through points [weight, amount] that rise; straight between them. */
type Curve = readonly (readonly [weight: number, amount: number])[];

/**
 * How weights in the style of the full-size model, which the embedded one keeps to, are drawn. A drawing wants more
 * contrast than they have: while she speaks, most channels stay within a narrow band around a middle that says nothing
 * (pucker .16, stretch .09), and only what leaves it means round, spread or closed.
 *
 * The left numbers are percentiles of what the server sends for 27 sentences in five voices, per class of sounds
 * (docs/face-of-the-page.md has the table; `node scripts/spoken-weights.ts` prints it), and beyond them what the
 * full-size model reaches at most. The right ones were chosen by eye on the head.
 */
const CURVES: Readonly<Record<string, Curve>> = {
  // Rest .02; e .07, a .13, the widest a .22.
  jawOpen: [
    [0.02, 0],
    [0.05, 0.08],
    [0.13, 0.32],
    [0.22, 0.54],
    [0.44, 0.8],
    [1, 1],
  ],
  // p b m .09 to .19, u .34, a .41, p95 .45.
  mouthLowerDown: [
    [0.08, 0],
    [0.2, 0.07],
    [0.35, 0.32],
    [0.45, 0.58],
    [0.66, 0.8],
    [1, 1],
  ],
  // p b m .04, f .15, a .18 to .21, ee .18.
  mouthUpperUp: [
    [0.04, 0],
    [0.12, 0.14],
    [0.2, 0.3],
    [0.3, 0.55],
    [1, 1],
  ],
  // ee .15, a .15, all p85 .24, u .22 to .31, o .24 to .36; the full-size model's p95 .25 to .43.
  mouthPucker: [
    [0.15, 0],
    [0.18, 0.18],
    [0.205, 0.5],
    [0.3, 0.85],
    [0.5, 0.95],
    [1, 1],
  ],
  // a .03, all p85 .07; sh .08 to .18.
  mouthFunnel: [
    [0.035, 0],
    [0.08, 0.24],
    [0.14, 0.4],
    [0.26, 0.75],
    [1, 1],
  ],
  // o u .08, all .09, ee .10 to .12.
  mouthStretch: [
    [0.075, 0],
    [0.09, 0.1],
    [0.12, 0.42],
    [0.2, 0.85],
    [1, 1],
  ],
  // p b m .13, others .05; the full-size model's round o .12.
  mouthClose: [
    [0.04, 0],
    [0.12, 0.2],
    [0.27, 0.6],
    [1, 1],
  ],
  // All p85 .04; the full-size model's p95 .20 to .23.
  mouthPress: [
    [0.03, 0],
    [0.2, 0.7],
    [0.4, 0.95],
    [1, 1],
  ],
  // All .02; f .10; the full-size model's p99 .03.
  mouthRollLower: [
    [0.03, 0],
    [0.06, 0.3],
    [0.1, 0.7],
    [0.26, 0.9],
    [1, 1],
  ],
  // p b m .02, others 0.
  mouthRollUpper: [
    [0, 0],
    [0.1, 0.25],
    [1, 1],
  ],
  // Most sounds .14, s .20; the full-size model's mean is .08, its most .3.
  mouthShrugUpper: [
    [0.1, 0],
    [0.3, 0.2],
    [1, 1],
  ],
  mouthShrugLower: [
    [0.03, 0],
    [0.3, 0.4],
    [1, 1],
  ],
  mouthFrown: [
    [0.04, 0],
    [0.3, 0.5],
    [1, 1],
  ],
  // Not of the sound: .11 while she speaks, .2 at rest.
  mouthSmile: [
    [0, 0],
    [0.11, 0.28],
    [0.2, 0.46],
    [0.5, 0.8],
    [1, 1],
  ],
  noseSneer: [
    [0.04, 0],
    [0.2, 0.35],
    [1, 1],
  ],
  cheekPuff: [
    [0.05, 0],
    [0.14, 0.25],
    [1, 1],
  ],
};

/**
 * Lips that are pressed (from .. to), or drawn together further than the jaw is open (mouthClose less jawOpen, from .. to: p b m
 * .13, others below .03), and hardly parted (mouthLowerDown from .. to) are closed, whatever parts them.
 */
const PRESSED = [0.05, 0.14] as const;
const MET = [0.07, 0.11] as const;
const PARTED = [0.2, 0.38] as const;

/** Lips that part without rounding (mouthPucker from .. to) are spread: the full-size model hardly pulls their corners. */
const UNROUND = [0.165, 0.13] as const;
const SPREAD = 0.4;

/** So much less than they say lips part when they are round; the opening becomes one that a funnel and the jaw make. */
const ROUND_PARTS_LESS = 0.55;
const ROUND_OPENS = 0.3;
const ROUND_JAW = 0.1;

/** Parted lips show that they are, also where the jaw hardly opens, as at ee and s: it opens by this much. */
const PARTED_JAW = 0.14;

/** A lower lip that is rolled in this far (from .. to) is at the upper teeth, and these show above it. */
const BITTEN = [0.04, 0.09] as const;
const BITTEN_UPPER = 0.42;
const BITTEN_LOWER = 0.2;

/** The amounts (0..1) in which weights in the style of the full-size model are drawn. */
export function articulated(weights: Weights): Weights {
  const amounts: Partial<Record<Blendshape, number>> = {};
  for (const [name, weight] of Object.entries(weights) as [Blendshape, number][]) {
    const curve = CURVES[name.replace(/(Left|Right)$/, '')];
    amounts[name] = curve === undefined ? raised(weight) : along(curve, weight);
  }
  const { jawOpen = 0, mouthPucker: round = 0, mouthFunnel = 0 } = amounts;
  const parted = (side: Side) => ramp(weights[`mouthLowerDown${side}`] ?? 0, PARTED);
  const bothParted = Math.min(parted('Left'), parted('Right'));
  const roundOpening = round * bothParted;
  amounts.mouthFunnel = Math.max(mouthFunnel, ROUND_OPENS * roundOpening);
  amounts.jawOpen = Math.max(jawOpen, PARTED_JAW * bothParted, ROUND_JAW * roundOpening + 0.7 * jawOpen);
  const met = ramp((weights.mouthClose ?? 0) - (weights.jawOpen ?? 0), MET);
  const bitten = ramp(weights.mouthRollLower ?? 0, BITTEN);
  for (const side of SIDES) {
    const at = <Name extends Paired>(name: Name) => amounts[`${name}${side}`] ?? 0;
    const pressed = Math.max(met, ramp(weights[`mouthPress${side}`] ?? 0, PRESSED));
    const closed = pressed * (1 - parted(side));
    const parts = (1 - closed) * (1 - ROUND_PARTS_LESS * round);
    amounts[`mouthLowerDown${side}`] = Math.max(at('mouthLowerDown') * parts, BITTEN_LOWER * bitten);
    amounts[`mouthUpperUp${side}`] = Math.max(at('mouthUpperUp') * parts, BITTEN_UPPER * bitten);
    const spread = SPREAD * ramp(weights.mouthPucker ?? 0, UNROUND) * parted(side) * (1 - jawOpen);
    amounts[`mouthStretch${side}`] = Math.max(at('mouthStretch'), spread) * (1 - round);
    amounts[`mouthSmile${side}`] = at('mouthSmile') * (1 - 0.7 * round);
  }
  return amounts;
}

/** Raises small amounts a little and leaves 0 and 1 where they are. */
export function raised(weight: number): number {
  return (1 - Math.exp(-Math.max(0, Math.min(1, weight)))) / (1 - Math.exp(-1));
}

function along(curve: Curve, weight: number): number {
  const next = curve.findIndex(([at]) => weight < at);
  const [toAt, to] = curve[next] ?? [1, 1];
  const [fromAt, from] = curve[next - 1] ?? [0, 0];
  if (next === 0) return 0;
  return next === -1 ? 1 : from + ((to - from) * (weight - fromAt)) / (toAt - fromAt);
}

/** 0 at `from`, 1 at `to` (which may be the smaller). */
function ramp(value: number, [from, to]: readonly [from: number, to: number]): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
