import { type Clip, FPS, type Phone } from '../material/clip.ts';
import { visemeOf } from '../material/phone-classes.ts';
import { quantile } from '../statistics.ts';
import { aperture, type Track } from '../track.ts';

/** How well lips meet at p, b and m. */
export interface Closures {
  /** Share of the bilabials at which they do. */
  readonly recall: number;
  /** Share of the closures that are at a bilabial. */
  readonly precision: number;
}

/** Lips count as closed below this share of the clip's 90th percentile of aperture. */
const CLOSED_BELOW = 0.2;

/** A closure counts for a bilabial if it overlaps it, widened by so much (s): the mouth may be early, frames are coarse. */
const TOLERANCE_S = 0.04;

/** Counts closures against the phones. Closures in pauses, and at f and v, where lips are all but closed, count for neither. */
export function closures(clips: readonly Clip[], tracks: readonly Track[]): Closures {
  let bilabials = 0;
  let hit = 0;
  let events = 0;
  let right = 0;
  for (const [place, clip] of clips.entries()) {
    const apertures = tracks[place]?.weights.map(aperture) ?? [];
    const closed = runsBelow(apertures, CLOSED_BELOW * quantile(apertures, 0.9));
    const phones = clip.phones ?? [];
    const wanted = phones.filter(({ name }) => visemeOf(name) === 'PP');
    bilabials += wanted.length;
    hit += wanted.filter((phone) => closed.some((run) => overlaps(phone, run))).length;
    const judged = closed.filter((run) => !isNeutral(run, phones));
    events += judged.length;
    right += judged.filter((run) => wanted.some((phone) => overlaps(phone, run))).length;
  }
  return { recall: hit / bilabials, precision: events === 0 ? 0 : right / events };
}

/** Frames from..to (exclusive). */
interface Run {
  readonly from: number;
  readonly to: number;
}

function runsBelow(values: readonly number[], limit: number): readonly Run[] {
  const runs: Run[] = [];
  let from: number | undefined;
  for (const [frame, value] of [...values, Number.POSITIVE_INFINITY].entries()) {
    if (value < limit) from ??= frame;
    else if (from !== undefined) {
      runs.push({ from, to: frame });
      from = undefined;
    }
  }
  return runs;
}

function overlaps({ start, end }: Phone, { from, to }: Run): boolean {
  return from / FPS < end + TOLERANCE_S && to / FPS > start - TOLERANCE_S;
}

function isNeutral(run: Run, phones: readonly Phone[]): boolean {
  const touched = phones.filter((phone) => overlaps(phone, run)).map(({ name }) => visemeOf(name));
  return !touched.includes('PP') && (touched.includes('sil') || touched.includes('FF'));
}
