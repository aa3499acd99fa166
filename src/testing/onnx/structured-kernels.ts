/** Frames that count for one frame: itself, and seven before and after. */
export const FRAME_TAPS = 15;

/** What each hidden unit listens to: how much of each band, and how much of it far away in time. */
export const HIDDEN = [
  { bands: [0.6, 0.6, 0, 0], wide: 0.3, slope: 0 },
  { bands: [0, 0, 0.2, 0.9], wide: 0.3, slope: 0 },
  { bands: [0.3, 0.3, 0.3, 0.3], wide: 0.4, slope: 0 },
  { bands: [-0.2, 0.4, 0.8, -0.2], wide: 0.4, slope: 0 },
  { bands: [0.3, 0.3, 0.3, 0.3], wide: 0.45, slope: 0.8 },
  { bands: [0.5, 0.3, 0.2, 0.1], wide: 0.7, slope: 0 },
] as const;

const MIDDLE = (FRAME_TAPS - 1) / 2;
const NARROW_TAPS = 7;

/** Windowed cosines, one for each band, one after the other; each leaves a tone of its own pitch as loud as it is. */
export function bandFilters(bandsHz: readonly number[], samples: number): number[] {
  const window = hann(samples);
  return bandsHz.flatMap((hz) =>
    window.map((tap, index) => 2 * tap * Math.cos((2 * Math.PI * hz * (index - samples / 2)) / 16_000)),
  );
}

/** The context's kernels, of each hidden unit and in it of each band, in the order of a Conv's weight. */
export function contextKernels(): number[] {
  return HIDDEN.flatMap(({ bands, wide, slope }) => {
    const kernel = timeKernel(wide, slope);
    return bands.flatMap((gain) => kernel.map((tap) => gain * tap));
  });
}

/** A bell that is mostly narrow; with a slope, what is to come counts more than what was. */
function timeKernel(wide: number, slope: number): number[] {
  const narrow = centred(NARROW_TAPS);
  const far = centred(FRAME_TAPS);
  return far.map((tap, index) => {
    const near = narrow[index - MIDDLE + (NARROW_TAPS - 1) / 2] ?? 0;
    return (near * (1 - wide) + tap * wide) * (1 + (slope * (index - MIDDLE)) / MIDDLE);
  });
}

/** A Hann window that peaks in the middle of an odd number of taps, has no zeros, and adds up to 1. */
function centred(taps: number): number[] {
  return hann(taps + 1).slice(1);
}

/** A Hann window of an even number of taps that adds up to 1; its first is 0, and its peak is at half of them. */
export function hann(taps: number): number[] {
  return Array.from({ length: taps }, (_, index) => (1 - Math.cos((2 * Math.PI * index) / taps)) / taps);
}
