/**
 * The sample rates (Hz) this server speaks. A closed list: every pair has a small whole-number ratio, so that a
 * resampler's filter stays small whatever a client asks for.
 */
export const SAMPLE_RATES = [
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000,
] as const;

/** One of {@link SAMPLE_RATES}. */
export type SampleRate = (typeof SAMPLE_RATES)[number];

/** Whether `rate` is one of {@link SAMPLE_RATES}. */
export function isSampleRate(rate: number): rate is SampleRate {
  return (SAMPLE_RATES as readonly number[]).includes(rate);
}
