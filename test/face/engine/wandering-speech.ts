import { amplified, babble, seededRandom } from '../../support/sounds.ts';

/** Something like speech whose loudness wanders from syllable to syllable: no two windows of it are alike. */
export function wanderingSpeech(sampleRate: number, seconds: number): Int16Array {
  const random = seededRandom(3);
  const steps = Array.from({ length: Math.ceil(seconds * 6) + 2 }, () => random());
  return amplified(babble(sampleRate, seconds), 4).map((sample, index) => {
    const position = (index * 6) / sampleRate;
    const step = Math.floor(position);
    const share = position - step;
    return sample * ((steps[step] ?? 0) * (1 - share) + (steps[step + 1] ?? 0) * share);
  });
}
