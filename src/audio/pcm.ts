/** Milliseconds that `samples` last at `sampleRate` Hz. */
export function samplesToMs(samples: number, sampleRate: number): number {
  return (samples * 1000) / sampleRate;
}

/** Samples in `ms` milliseconds at `sampleRate` Hz, rounded to a whole one. */
export function msToSamples(ms: number, sampleRate: number): number {
  return Math.round((ms * sampleRate) / 1000);
}

/**
 * The first sample of frame `index`: round(index · sampleRate / fps). Frame i carries [start(i), start(i + 1)),
 * so frames tile the sound exactly, whatever the rates.
 */
export function frameStart(index: number, sampleRate: number, fps: number): number {
  return Math.round((index * sampleRate) / fps);
}

/** Root mean square of the samples, 0..1 of full scale; 0 for none. */
export function rms(pcm: Int16Array): number {
  if (pcm.length === 0) return 0;
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / pcm.length) / 32_768;
}

/** Decibels relative to full scale of an amplitude 0..1; never below -120. */
export function toDbfs(amplitude: number): number {
  return Math.max(-120, 20 * Math.log10(amplitude + 1e-9));
}

/** Rounds and clips a sample in 16-bit units (-32768..32767). */
export function clipToInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
}

/** One array out of several, in order. */
export function concatPcm(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
