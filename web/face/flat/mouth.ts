import type { Expression } from '../expression.js';
import type { Side } from '../sides.js';

/** The paths (SVG `d`) of a mouth around (0, 0), in the drawing's units. */
export interface MouthDrawing {
  readonly lips: string;
  /** What is between the lips. */
  readonly opening: string;
  readonly upperTeeth: string;
  readonly lowerTeeth: string;
  readonly tongue: string;
  /** The tongue beyond the lips; empty while it is inside. */
  readonly tongueOut: string;
  /** The shade under the lower lip. */
  readonly shade: string;
  /** How far the chin has gone down, and to the side. */
  readonly chinDrop: number;
  readonly chinShift: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One edge of a lip: corner, left and right of the middle, corner. */
type Edge = readonly [from: Point, middle: Point, to: Point];

/** Lips that are no further apart than this touch. */
const TOUCHING = 1.2;

/** Draws the mouth: where the lips meet and part, from the jaw, the lips' own pull, and the corners. */
export function drawMouth(face: Expression): MouthDrawing {
  const jaw = face.amount('jawOpen');
  const parted = 1 - 0.95 * face.amount('mouthClose');
  const pucker = face.amount('mouthPucker');
  const funnel = face.amount('mouthFunnel');
  const round = Math.min(1, pucker + 0.8 * funnel);
  const shrug = face.amount('mouthShrugLower');
  const press = face.both('mouthPress');
  const chinShift = 9 * (face.amount('jawLeft') - face.amount('jawRight'));
  const middleX = 9 * (face.amount('mouthLeft') - face.amount('mouthRight')) + 0.6 * chinShift;

  const upperUp = face.both('mouthUpperUp') + 0.4 * face.amount('mouthShrugUpper');
  const topY = -parted * (7 * upperUp + 5 * funnel);
  const fallY = parted * (30 * jaw + 11 * face.both('mouthLowerDown') + 6 * funnel) - 5 * shrug;
  const bottomY = topY + Math.max(0, fallY - topY - TOUCHING);
  const corner = (side: Side): Point => cornerOf(face, side, middleX, (topY + bottomY) / 2);
  const left = corner('Left');
  const right = corner('Right');

  const upperLip = Math.max(
    1.5,
    6 - 4.5 * face.amount('mouthRollUpper') - 2.5 * press + 3.5 * pucker + 2 * funnel,
  );
  const lowerLip = Math.max(
    2,
    8 - 5.5 * face.amount('mouthRollLower') - 2.5 * press + 3 * pucker + 2 * funnel,
  );
  const innerTop: Edge = [right, { x: middleX, y: topY }, left];
  const innerBottom: Edge = [left, { x: middleX, y: bottomY }, right];
  const outerTop: Edge = [right, { x: middleX, y: topY - upperLip }, left];
  const outerBottom: Edge = [left, { x: middleX, y: bottomY + lowerLip }, right];
  const halfWidth = (left.x - right.x) / 2;

  return {
    lips: `${start(right)}${bowed(outerTop, round)}${curve(outerBottom, round)}Z`,
    opening: `${start(right)}${curve(innerTop, round)}${curve(innerBottom, round)}Z`,
    upperTeeth: slab(middleX * 0.3, -16, 6 - 10 * round, halfWidth * 0.96),
    lowerTeeth: slab(middleX, 30 * jaw * parted + 9, 60, halfWidth * 0.7),
    tongue: ellipse(middleX, bottomY + 5 - 9 * face.amount('tongueOut'), halfWidth * 0.6, 11),
    tongueOut: tongueBeyond(face.amount('tongueOut'), middleX, bottomY),
    shade: shadeUnder(middleX, bottomY + lowerLip + 7, halfWidth * 0.42),
    chinDrop: 17 * jaw - 3 * shrug,
    chinShift,
  };
}

/** Where the lips end on a side: smiles lift it, frowns lower it, rounded lips draw it in. */
function cornerOf(face: Expression, side: Side, middleX: number, middleY: number): Point {
  const outward = side === 'Left' ? 1 : -1; // the avatar's left is on the visitor's right
  const smile = face.amount(`mouthSmile${side}`);
  const stretch = face.amount(`mouthStretch${side}`);
  const spread = 11 * smile + 10 * stretch + 4 * face.amount(`mouthDimple${side}`);
  const narrowed =
    17 * face.amount('mouthPucker') + 10 * face.amount('mouthFunnel') + 5 * face.amount('cheekPuff');
  const frown = face.amount(`mouthFrown${side}`);
  return {
    x: middleX + outward * Math.max(11, 34 + spread - narrowed),
    y: 0.35 * middleY - 21 * smile + 13 * frown + 4 * stretch,
  };
}

/** The lower lip's edge, and both inner ones: round lips meet it upright, others at a flat angle. */
function curve([from, middle, to]: Edge, round: number): string {
  const half = (corner: Point): readonly [Point, Point] => [
    { x: corner.x + 0.26 * (1 - round) * (middle.x - corner.x), y: corner.y + 0.62 * (middle.y - corner.y) },
    { x: corner.x + 0.5 * (middle.x - corner.x), y: middle.y },
  ];
  const [leaving, arriving] = half(from);
  const [last, first] = half(to);
  return `${bend(leaving, arriving, middle)}${bend(first, last, to)}`;
}

/** The upper lip's edge, with its Cupid's bow. */
function bowed([from, middle, to]: Edge, round: number): string {
  const peak = (corner: Point): Point => ({ x: middle.x + 0.24 * (corner.x - middle.x), y: middle.y - 1.5 });
  const toPeak = (corner: Point): Point => ({
    x: corner.x + 0.3 * (1 - round) * (middle.x - corner.x),
    y: corner.y + 0.7 * (middle.y - corner.y),
  });
  const before = peak(from);
  const after = peak(to);
  const dip = { x: middle.x, y: middle.y + 1 };
  const level = (point: Point, towards: Point): Point => ({ x: (point.x + towards.x) / 2, y: point.y });
  return [
    bend(toPeak(from), level(before, from), before),
    bend(level(before, dip), level(dip, before), dip),
    bend(level(dip, after), level(after, dip), after),
    bend(level(after, to), toPeak(to), to),
  ].join('');
}

function slab(x: number, top: number, bottom: number, halfWidth: number): string {
  const [w, r] = [halfWidth.toFixed(1), 5];
  return `M${(x - halfWidth).toFixed(1)} ${top.toFixed(1)}h${2 * Number(w)}V${(bottom - r).toFixed(1)}q0 ${r} ${-r} ${r}h${2 * (r - Number(w))}q${-r} 0 ${-r} ${-r}Z`;
}

function ellipse(x: number, y: number, rx: number, ry: number): string {
  return `M${(x - rx).toFixed(1)} ${y.toFixed(1)}a${rx.toFixed(1)} ${ry} 0 1 1 ${(2 * rx).toFixed(1)} 0a${rx.toFixed(1)} ${ry} 0 1 1 ${(-2 * rx).toFixed(1)} 0Z`;
}

function tongueBeyond(amount: number, x: number, lipY: number): string {
  if (amount < 0.03) return '';
  const length = 8 + 26 * amount;
  return `M${(x - 12).toFixed(1)} ${(lipY - 5).toFixed(1)}v${(length - 7).toFixed(1)}a12 12 0 0 0 24 0v${(7 - length).toFixed(1)}Z`;
}

function shadeUnder(x: number, y: number, halfWidth: number): string {
  return `M${(x - halfWidth).toFixed(1)} ${y.toFixed(1)}q${halfWidth.toFixed(1)} 5 ${(2 * halfWidth).toFixed(1)} 0`;
}

function start({ x, y }: Point): string {
  return `M${x.toFixed(1)} ${y.toFixed(1)}`;
}

function bend(leaving: Point, arriving: Point, to: Point): string {
  return `C${[leaving, arriving, to].map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')}`;
}
