import { clipToInt16 } from '../../src/audio/pcm.ts';
import { type Clip, SAMPLE_RATE } from './clip.ts';
import { resampled } from './recordings.ts';

/** The same clip under even noise, so loud that speech is this much (dB) above it on average over the clip. */
export function noisy(clip: Clip, snrDb: number): Clip {
  const power = clip.pcm.reduce((sum, sample) => sum + sample * sample, 0) / clip.pcm.length;
  const amplitude = Math.sqrt((3 * power) / 10 ** (snrDb / 10)); // an even distribution has a third of its peak squared
  const random = generator(7);
  const pcm = clip.pcm.map((sample) => clipToInt16(sample + amplitude * (2 * random() - 1)));
  return { ...clip, name: `${clip.name}, noise`, pcm };
}

/** The same clip through a band of 8 kHz sound, as a telephone has it: nothing above 4 kHz. */
export function narrowBand(clip: Clip): Clip {
  const narrow = resampled(resampled(clip.pcm, SAMPLE_RATE, 8000), 8000, SAMPLE_RATE);
  return { ...clip, name: `${clip.name}, 8 kHz`, pcm: narrow.subarray(0, clip.pcm.length) };
}

/** Numbers 0..1, the same in every run (Numerical Recipes' linear congruence). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
