import { msToSamples } from '../src/audio/pcm.ts';

/** Seconds after which {@link voice} repeats. */
const LOOP_SECONDS = 4;

/**
 * Something like a voice: harmonics of 120 Hz that swell and fall four times a second.
 *
 * @returns a function that gives any stretch of it, in an array of its own (as a provider's decoded message is).
 */
export function voice(sampleRate: number): (fromMs: number, durationMs: number) => Int16Array {
  const loop = Int16Array.from({ length: sampleRate * LOOP_SECONDS }, (_, index) => {
    const seconds = index / sampleRate;
    const syllable = 0.5 - 0.5 * Math.cos(2 * Math.PI * 4 * seconds);
    const tone = [1, 2, 3, 5, 8, 13, 20].reduce(
      (sum, harmonic) => sum + Math.sin(2 * Math.PI * 120 * harmonic * seconds) / harmonic,
      0,
    );
    return Math.round(9000 * syllable * tone);
  });
  return (fromMs, durationMs) => {
    const from = msToSamples(fromMs, sampleRate);
    const pcm = new Int16Array(msToSamples(fromMs + durationMs, sampleRate) - from);
    for (let filled = 0; filled < pcm.length; ) {
      const at = (from + filled) % loop.length;
      const part = loop.subarray(at, at + pcm.length - filled);
      pcm.set(part, filled);
      filled += part.length;
    }
    return pcm;
  };
}

/** Samples of which no stretch looks like another (xorshift32): what is lost, doubled or swapped shows. */
export function noise(length: number): Int16Array {
  const samples = new Int16Array(length);
  let state = 0x9e37_79b9;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    samples[index] = state >> 16;
  }
  return samples;
}
