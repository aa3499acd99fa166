import { type Clip, frameCount } from '../material/clip.ts';
import { mean, pearson, shifted } from '../statistics.ts';
import { aperture, curve, MOUTH_CHANNELS, type MouthChannel, type Track } from '../track.ts';

/** How like the full-size model's own face one is: correlations over recordings, each the mean of the recordings'. */
export interface Resemblance {
  readonly mouth: number;
  readonly jawOpen: number;
  readonly mouthLowerDown: number;
  readonly aperture: number;
  /** The mean over the mouth's channels if the track is moved in time by what serves it best. */
  readonly mouthAtBestLag: number;
  readonly channels: Readonly<Record<MouthChannel, number>>;
}

/** Frames a track may be moved by to find the best lag. */
const MOST_LAG = 8;

/** Compares tracks with the clips' references. */
export function resemblance(clips: readonly Clip[], tracks: readonly Track[]): Resemblance {
  const pairs = clips.flatMap((clip, place) => {
    const track = tracks[place];
    return clip.reference === undefined || track === undefined
      ? []
      : [{ reference: clip.reference.slice(0, frameCount(clip)), weights: track.weights }];
  });
  const channel = (name: MouthChannel, lag = 0) =>
    mean(
      pairs.map(({ reference, weights }) =>
        pearson(shifted(curve(weights, name), lag), curve(reference, name)),
      ),
    );
  const lags = Array.from({ length: 2 * MOST_LAG + 1 }, (_, index) => index - MOST_LAG);
  const channels = Object.fromEntries(MOUTH_CHANNELS.map((name) => [name, channel(name)]));
  return {
    mouth: mean(Object.values(channels)),
    jawOpen: channel('jawOpen'),
    mouthLowerDown: channel('mouthLowerDown'),
    aperture: mean(
      pairs.map(({ reference, weights }) => pearson(weights.map(aperture), reference.map(aperture))),
    ),
    mouthAtBestLag: Math.max(...lags.map((lag) => mean(MOUTH_CHANNELS.map((name) => channel(name, lag))))),
    channels: channels as Resemblance['channels'],
  };
}
