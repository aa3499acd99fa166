import type { Contestant } from './contestants/contestant.ts';
import { type Clip, SAMPLE_RATE } from './material/clip.ts';
import type { RealVoices } from './material/real-voices.ts';
import { narrowBand, noisy } from './material/variants.ts';
import { closures } from './measures/closures.ts';
import { contrasts } from './measures/contrasts.ts';
import { resemblance } from './measures/resemblance.ts';
import { stillness } from './measures/stillness.ts';
import { streaming } from './measures/streaming.ts';
import { leadMs } from './measures/timing.ts';
import { visemeAccuracy } from './measures/viseme-accuracy.ts';
import type { Result } from './result.ts';
import type { Track } from './track.ts';

/** What is measured on. */
export interface Material {
  /** Real voices with the full-size model's own output; may be none. */
  readonly recordings: readonly Clip[];
  /** A synthetic voice with the times of its phones. */
  readonly synthetic: readonly Clip[];
  /** Real voices with the times of their lips' contacts; may be none. */
  readonly real: Pick<RealVoices, 'librivox' | 'russian'>;
}

/** Speech lies this much above the noise of the noisy variants. */
const NOISE_DB = 10;

/** Lets a contestant animate everything, and measures what it makes of it. */
export async function measure(contestant: Contestant, material: Material): Promise<Result> {
  const { recordings, synthetic, real } = material;
  const cpuBefore = contestant.cpuS?.();
  const ofRecordings = await tracksOf(contestant, recordings);
  const tracks = await tracksOf(contestant, synthetic);
  const cpuAfter = contestant.cpuS?.();
  const likeness = async (change: (clip: Clip) => Clip) => {
    const changed = recordings.map(change);
    return recordings.length === 0
      ? undefined
      : resemblance(changed, await tracksOf(contestant, changed)).mouth;
  };
  const lips = async (change: (clip: Clip) => Clip) => {
    const changed = synthetic.map(change);
    return closures(changed, await tracksOf(contestant, changed));
  };
  const realLips = async (clips: readonly Clip[]) =>
    clips.length === 0 ? undefined : closures(clips, await tracksOf(contestant, clips));
  const withNoise = (clip: Clip) => noisy(clip, NOISE_DB);
  const everything = [...recordings, ...synthetic];
  const soundS = everything.reduce((sum, { pcm }) => sum + pcm.length / SAMPLE_RATE, 0);
  const worksInWindows = tracks.some(({ seams = [] }) => seams.length > 0);
  return {
    name: contestant.name,
    resemblance: recordings.length === 0 ? undefined : resemblance(recordings, ofRecordings),
    noisyMouth: await likeness(withNoise),
    narrowMouth: await likeness(narrowBand),
    leadMs: leadMs(everything, [...ofRecordings, ...tracks]),
    stillness: stillness(everything, [...ofRecordings, ...tracks]),
    closures: closures(synthetic, tracks),
    noisyClosures: await lips(withNoise),
    narrowClosures: await lips(narrowBand),
    librivoxClosures: await realLips(real.librivox),
    russianClosures: await realLips(real.russian),
    contrasts: contrasts(synthetic, tracks),
    visemeAccuracy: visemeAccuracy(synthetic, tracks),
    streaming: worksInWindows ? streaming(tracks, await wholeTracks(contestant, synthetic)) : undefined,
    cpuMsPerS:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : ((cpuAfter - cpuBefore) * 1000) / soundS,
    tracks,
  };
}

async function tracksOf(contestant: Contestant, clips: readonly Clip[]): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const clip of clips) tracks.push(await contestant.animate(clip)); // one after the other: it is timed
  return tracks;
}

async function wholeTracks({ whole, animate }: Contestant, clips: readonly Clip[]): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const clip of clips) tracks.push(await (whole ?? animate)(clip));
  return tracks;
}
