import { rms, toDbfs } from '../../src/audio/pcm.ts';
import { type Clip, FPS, frameCount, frameSound } from '../material/clip.ts';
import { mean, pearson, shifted } from '../statistics.ts';
import { aperture, type Track } from '../track.ts';

const QUIETEST_DBFS = -50;
const MOST_LAG = 10;

/** Loudness of each frame in dBFS, from -50 up. */
export function loudness(clip: Clip): number[] {
  return Array.from({ length: frameCount(clip) }, (_, frame) =>
    Math.max(QUIETEST_DBFS, toDbfs(rms(frameSound(clip, frame)))),
  );
}

/**
 * How far (ms) the mouth runs ahead of the loudness it goes with: the shift at which aperture and loudness correlate
 * best, between frames by a parabola through the best three. Negative: the mouth is late.
 */
export function leadMs(clips: readonly Clip[], tracks: readonly Track[]): number {
  const found = clips.map((clip, place) => {
    const mouth = tracks[place]?.weights.map(aperture) ?? [];
    const sound = loudness(clip);
    const fit = Array.from({ length: 2 * MOST_LAG + 1 }, (_, index) =>
      pearson(shifted(mouth, index - MOST_LAG), sound),
    );
    const best = fit.indexOf(Math.max(...fit));
    const [before = 0, peak = 0, after = 0] = [
      fit[best - 1] ?? fit[best],
      fit[best],
      fit[best + 1] ?? fit[best],
    ];
    const curvature = before - 2 * peak + after;
    const between = curvature === 0 ? 0 : (0.5 * (before - after)) / curvature;
    return ((best - MOST_LAG + between) * 1000) / FPS;
  });
  return mean(found);
}
