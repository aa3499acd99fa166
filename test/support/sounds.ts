import { clipToInt16 } from '../../src/audio/pcm.ts';

/** Sounds made by arithmetic: the same on every machine and in every run. */

/** Describes a tone. */
export interface Tone {
  readonly hz: number;
  readonly sampleRate: number;
  readonly seconds: number;
  /** Peak, 0..1 of full scale. */
  readonly amplitude?: number;
}

/** A sine that starts at phase 0. */
export function tone({ hz, sampleRate, seconds, amplitude = 0.5 }: Tone): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) =>
    clipToInt16(32_768 * amplitude * Math.sin((2 * Math.PI * hz * index) / sampleRate)),
  );
}

/** Nothing to be heard. */
export function silence(sampleRate: number, seconds: number): Int16Array {
  return new Int16Array(Math.round(seconds * sampleRate));
}

/** A generator of numbers 0..1 that gives the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Even noise over the whole band, up to `amplitude` (0..1 of full scale). */
export function noise(sampleRate: number, seconds: number, amplitude: number, seed = 1): Int16Array {
  const random = seededRandom(seed);
  return Int16Array.from({ length: Math.round(seconds * sampleRate) }, () =>
    clipToInt16(32_767 * amplitude * (2 * random() - 1)),
  );
}

/** The sum of sounds of one length, clipped. */
export function mixed(...sounds: readonly Int16Array[]): Int16Array {
  return Int16Array.from(sounds[0] ?? [], (_, index) =>
    clipToInt16(sounds.reduce((sum, pcm) => sum + (pcm[index] ?? 0), 0)),
  );
}

/** The same sound so many decibels louder (or quieter), clipped. */
export function amplified(pcm: Int16Array, gainDb: number): Int16Array {
  return pcm.map((sample) => clipToInt16(sample * 10 ** (gainDb / 20)));
}

/** A vowel: a buzz of 120 Hz whose harmonics are strong near the formants given. */
export function vowel(sampleRate: number, seconds: number, formantsHz: readonly number[]): Int16Array {
  const pitchHz = 120;
  const harmonics = Array.from({ length: Math.floor(4000 / pitchHz) }, (_, index) => {
    const hz = (index + 1) * pitchHz;
    const strength = formantsHz.reduce((sum, formant) => sum + 1 / (1 + ((hz - formant) / 80) ** 2), 0);
    return { hz, strength };
  });
  const total = harmonics.reduce((sum, { strength }) => sum + strength, 0);
  return mixed(
    ...harmonics.map(({ hz, strength }) =>
      tone({ hz, sampleRate, seconds, amplitude: (0.9 * strength) / total }),
    ),
  );
}

/** Something like speech: an ah that comes and goes four times a second. */
export function babble(sampleRate: number, seconds: number): Int16Array {
  return vowel(sampleRate, seconds, [750, 1200]).map((sample, index) => {
    const opening = Math.sin((Math.PI * 4 * index) / sampleRate) ** 2;
    return clipToInt16(sample * opening);
  });
}

/** Cuts a sound at places a random generator picks, into pieces of at most `maxLength` samples, some empty. */
export function cutRandomly(pcm: Int16Array, maxLength: number, random: () => number): Int16Array[] {
  const pieces: Int16Array[] = [];
  for (let start = 0; start < pcm.length; ) {
    const length = Math.floor(random() * (maxLength + 1));
    pieces.push(pcm.slice(start, start + length));
    start += length;
  }
  return pieces;
}

/** How strong one frequency is in a sound, and where its cycle stands at sample 0: a sine of phase 0 gives phase 0. */
export function measureTone(
  pcm: Int16Array,
  hz: number,
  sampleRate: number,
): { amplitude: number; phase: number } {
  // A Hann window, so that a cut-off cycle at either end does not count.
  let sine = 0;
  let cosine = 0;
  let weight = 0;
  for (const [index, sample] of pcm.entries()) {
    const window = 1 - Math.cos((2 * Math.PI * index) / pcm.length);
    const angle = (2 * Math.PI * hz * index) / sampleRate;
    sine += window * sample * Math.sin(angle);
    cosine += window * sample * Math.cos(angle);
    weight += window;
  }
  return {
    amplitude: (2 * Math.hypot(sine, cosine)) / weight / 32_768,
    phase: Math.atan2(cosine, sine),
  };
}
