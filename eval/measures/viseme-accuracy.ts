import { VISEMES } from '../../src/protocol/visemes.ts';
import { type Clip, FPS } from '../material/clip.ts';
import { visemeWithin } from '../material/phone-classes.ts';
import type { Track } from '../track.ts';

/** Frames a track may be moved by, so that being early or late counts for nobody. */
const MOST_LAG = 6;

/** Share of frames whose strongest viseme is that of the phone spoken in their middle, at the shift that serves best. */
export function visemeAccuracy(clips: readonly Clip[], tracks: readonly Track[]): number | undefined {
  if (tracks.some(({ visemes }) => visemes === undefined)) return undefined;
  const lags = Array.from({ length: 2 * MOST_LAG + 1 }, (_, index) => index - MOST_LAG);
  return Math.max(...lags.map((lag) => shareAt(clips, tracks, lag)));
}

function shareAt(clips: readonly Clip[], tracks: readonly Track[], lag: number): number {
  let frames = 0;
  let right = 0;
  for (const [place, clip] of clips.entries()) {
    const phones = clip.phones ?? [];
    for (const [frame, visemes] of (tracks[place]?.visemes ?? []).entries()) {
      const middle = (frame + lag + 0.5) / FPS;
      const phone = phones.find(({ start, end }) => middle >= start && middle < end);
      if (phone === undefined) continue;
      frames += 1;
      const strongest = VISEMES[visemes.indexOf(Math.max(...visemes))];
      const share = (middle - phone.start) / (phone.end - phone.start);
      if (strongest === visemeWithin(phone.name, share)) right += 1;
    }
  }
  return right / frames;
}
