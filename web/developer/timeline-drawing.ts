import { follows, type HeardStrip, STRIP_MS, type StripMark } from './heard-strip.js';

/** Colours of the drawing, as the page has them now. */
export interface Inks {
  readonly sound: string;
  readonly aperture: string;
  readonly jaw: string;
  readonly rounding: string;
  readonly line: string;
  readonly text: string;
  readonly quiet: string;
  readonly bad: string;
}

/** Where things are, as shares of the height. */
const SOUND_MIDDLE = 0.27;
const SOUND_REACH = 0.19;
const CURVES_TOP = 0.5;
const CURVES_BOTTOM = 0.84;
const LIPS_TOP = 0.87;
const LIPS_BOTTOM = 0.91;

/** The lane of the curves reaches from 0 to one of these. */
const SCALES = [0.4, 0.6, 0.8, 1];

/** Text keeps this far (pixels) from the round corners. */
const INSET = 6;

/** A voice has peaks of this much of full scale at most: it fills the lane. */
const LOUD = 0.85;

const SIGNS: Readonly<Record<StripMark['kind'], string>> = { start: '▸', end: '■', cut: '✕', underrun: '!' };

/** How the curves are told apart without their colours. */
export const DASHES = { aperture: [], jaw: [5, 3], rounding: [1.5, 3] } as const;

/**
 * Draws the strip: sound above, the mouth's curves below, on one time axis whose right end is now.
 *
 * @param size in pixels of the page; the context is scaled already.
 * @param cursorMs a place of the strip to point at.
 */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  strip: HeardStrip,
  inks: Inks,
  cursorMs: number | undefined,
): void {
  const { width, height } = size;
  const xOf = (ms: number) => width * (1 - (strip.endMs - ms) / STRIP_MS);
  const top = scaleOf(strip);
  const yOf = (value: number) => height * (CURVES_BOTTOM - (CURVES_BOTTOM - CURVES_TOP) * (value / top));
  context.clearRect(0, 0, width, height);
  drawAxis(context, size, inks, top);
  drawSound(context, size, strip, inks, xOf);
  drawLips(context, height, strip, inks, xOf);
  for (const curve of ['rounding', 'jaw', 'aperture'] as const) {
    context.strokeStyle = inks[curve];
    context.lineWidth = curve === 'aperture' ? 2 : 1.5;
    context.setLineDash([...DASHES[curve]]);
    context.beginPath();
    strip.moments.forEach((moment, at) => {
      const [x, y] = [xOf(moment.startMs), yOf(moment[curve])];
      if (follows(strip.moments[at - 1], moment)) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    const last = strip.moments.at(-1);
    if (last !== undefined) context.lineTo(xOf(last.startMs + last.lengthMs), yOf(last[curve]));
    context.stroke();
  }
  context.setLineDash([]);
  drawMarks(context, height, strip.marks, inks, xOf);
  if (cursorMs !== undefined) {
    context.fillStyle = inks.text;
    context.fillRect(Math.round(xOf(cursorMs)) - 0.5, 0, 1, height);
  }
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  inks: Inks,
  top: number,
): void {
  context.fillStyle = inks.line;
  context.fillRect(0, height * SOUND_MIDDLE, width, 1);
  context.fillRect(0, height * CURVES_BOTTOM, width, 1);
  context.font = '10px system-ui, sans-serif';
  context.textBaseline = 'bottom';
  const seconds = STRIP_MS / 1000;
  for (let second = 0; second <= seconds; second += 1) {
    const x = (width * second) / seconds;
    context.fillStyle = inks.line;
    context.fillRect(Math.min(width - 1, x), height * CURVES_TOP, 1, height * (CURVES_BOTTOM - CURVES_TOP));
    context.fillStyle = inks.quiet;
    context.textAlign = second === 0 ? 'left' : second === seconds ? 'right' : 'center';
    const inset = second === 0 ? INSET : second === seconds ? -INSET : 0;
    context.fillText(second === seconds ? '0 s' : `−${seconds - second}`, x + inset, height - 1);
  }
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(top.toFixed(1), INSET, height * CURVES_TOP);
}

/** What the top of the curves' lane stands for: faces that speak quietly are drawn larger. */
function scaleOf({ moments }: HeardStrip): number {
  const most = Math.max(
    0,
    ...moments.map(({ aperture, jaw, rounding }) => Math.max(aperture, jaw, rounding)),
  );
  return SCALES.find((scale) => scale >= most) ?? 1;
}

function drawSound(
  context: CanvasRenderingContext2D,
  { height }: { readonly height: number },
  strip: HeardStrip,
  inks: Inks,
  xOf: (ms: number) => number,
): void {
  const middle = height * SOUND_MIDDLE;
  const scale = (height * SOUND_REACH) / LOUD;
  const yOf = (value: number) => middle - scale * Math.max(-LOUD, Math.min(LOUD, value));
  const columns = strip.moments.flatMap(({ startMs, lengthMs, peaks }) =>
    peaks.map(({ low, high }, part) => ({
      low,
      high,
      x: xOf(startMs + ((part + 0.5) * lengthMs) / peaks.length),
    })),
  );
  // One shape, above from left to right and back below: hundreds of bars cost more where no GPU draws.
  context.fillStyle = inks.sound;
  context.beginPath();
  for (const { x, high } of columns) context.lineTo(x, yOf(high) - 0.5);
  for (const { x, low } of columns.toReversed()) context.lineTo(x, yOf(low) + 0.5);
  context.fill();
}

/** Where lips are closed while something is said, below the curves. */
function drawLips(
  context: CanvasRenderingContext2D,
  height: number,
  strip: HeardStrip,
  inks: Inks,
  xOf: (ms: number) => number,
): void {
  context.fillStyle = inks.text;
  const closed = strip.closedBelow;
  for (const { startMs, lengthMs, aperture } of strip.moments) {
    if (aperture >= closed) continue;
    const x = xOf(startMs);
    context.fillRect(
      x,
      height * LIPS_TOP,
      xOf(startMs + lengthMs) - x + 0.3,
      height * (LIPS_BOTTOM - LIPS_TOP),
    );
  }
}

function drawMarks(
  context: CanvasRenderingContext2D,
  height: number,
  marks: readonly StripMark[],
  inks: Inks,
  xOf: (ms: number) => number,
): void {
  context.textBaseline = 'top';
  context.font = '11px system-ui, sans-serif';
  for (const { kind, atMs } of marks) {
    const x = xOf(atMs);
    const ends = kind === 'end' || kind === 'cut';
    context.fillStyle = kind === 'cut' || kind === 'underrun' ? inks.bad : inks.quiet;
    context.fillRect(ends ? x - 1 : x, 0, 1, height * CURVES_BOTTOM);
    context.textAlign = ends ? 'right' : 'left';
    context.fillText(SIGNS[kind], ends ? x - 3 : x + 3, 1);
  }
}
