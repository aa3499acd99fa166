import type { Viseme } from '../../src/protocol/visemes.ts';
import { type Clip, FPS } from '../material/clip.ts';
import { visemeOf } from '../material/phone-classes.ts';
import { deviation, mean } from '../statistics.ts';
import { aperture, channelOf, type Track } from '../track.ts';

/** How clearly classes of sounds differ, as d': the distance of two means in units of the spread (0: not at all). */
export interface Contrasts {
  /** An open mouth at a than at p, b, m. */
  readonly openOverClosed: number;
  /** The same of a over ee. */
  readonly openOverNarrow: number;
  /** Lips forward (pucker and funnel) at o, u, w than at all else. */
  readonly roundOverOthers: number;
  /** Lips wide (stretch and smile) at ee than at o, u. */
  readonly wideOverRound: number;
}

/** Looks at the frame in the middle of each phone. */
export function contrasts(clips: readonly Clip[], tracks: readonly Track[]): Contrasts {
  const middles = clips.flatMap((clip, place) =>
    (clip.phones ?? []).flatMap(({ name, start, end }) => {
      const weights = tracks[place]?.weights[Math.floor(((start + end) / 2) * FPS)];
      return weights === undefined ? [] : [{ viseme: visemeOf(name), weights }];
    }),
  );
  const at = (measure: (weights: Float32Array) => number, belongs: (viseme: Viseme) => boolean) =>
    middles.filter(({ viseme }) => belongs(viseme)).map(({ weights }) => measure(weights));
  const one = (wanted: Viseme) => (viseme: Viseme) => viseme === wanted;
  const isRound = (viseme: Viseme) => viseme === 'O' || viseme === 'U';
  const forward = (weights: Float32Array) =>
    channelOf(weights, 'mouthPucker') + channelOf(weights, 'mouthFunnel');
  const wide = (weights: Float32Array) =>
    channelOf(weights, 'mouthStretch') + channelOf(weights, 'mouthSmile');
  return {
    openOverClosed: distance(at(aperture, one('aa')), at(aperture, one('PP'))),
    openOverNarrow: distance(at(aperture, one('aa')), at(aperture, one('I'))),
    roundOverOthers: distance(
      at(forward, isRound),
      at(forward, (viseme) => !isRound(viseme) && viseme !== 'sil'),
    ),
    wideOverRound: distance(at(wide, one('I')), at(wide, isRound)),
  };
}

function distance(more: readonly number[], less: readonly number[]): number {
  const spread = Math.sqrt((deviation(more) ** 2 + deviation(less) ** 2) / 2);
  const difference = mean(more) - mean(less);
  return spread < 1e-6 ? 0 : difference / spread;
}
