/** How carefully a sound is resampled; the cost goes with the zero crossings. */
export interface ResamplerQuality {
  /** Of the sinc on each side. */
  readonly zeroCrossings: number;
  /** Attenuation of the stop band in dB (50 or more). */
  readonly stopBandDb: number;
  /**
   * Where the stop band begins, in transition widths above the lower rate's Nyquist frequency: 0 lets nothing fold back; up
   * to 1 keeps more of the treble, and what folds back lies in the transition band.
   */
  readonly overlap: number;
}

/** For sound that is listened to: nothing folds back, and the transition band is 7 % of the lower rate. */
export const FULL_QUALITY: ResamplerQuality = { zeroCrossings: 40, stopBandDb: 90, overlap: 0 };

/**
 * For sound that a model hears, at 40 % of the price: what folds back is 50 dB down, but for the topmost tenth; the pass
 * band is no narrower. A speech model's features are the same to four places.
 */
export const FOR_MODELS: ResamplerQuality = { zeroCrossings: 12, stopBandDb: 50, overlap: 0.5 };

/** What a resampler multiplies its sound with. Belongs to everybody: nobody changes it. */
export interface FilterBank {
  /** Output sample n lies at input position n · step / phases. */
  readonly phases: number;
  readonly step: number;
  /** Input samples on each side of a position that it depends on. */
  readonly halfTaps: number;
  /** One for each phase. */
  readonly filters: readonly Float32Array[];
}

/** So many banks are kept, the newest; a server uses one for each pair of rates, and there are few at a time. */
const MAX_KEPT = 32;

/** The most phases that two rates this server speaks need; what an agent of odd rates needs is not kept. */
const MAX_KEPT_PHASES = 1280;

/** Banks that were designed: milliseconds of arithmetic each, the same for everybody, so no stream pays for it twice. */
const kept = new Map<string, FilterBank>();

/**
 * The filters between two rates, designed when they are first asked for.
 *
 * @param fromRate Hz, whole
 * @param toRate Hz, whole
 */
export function filterBank(fromRate: number, toRate: number, quality: ResamplerQuality): FilterBank {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const phases = toRate / divisor;
  const step = fromRate / divisor;
  const { zeroCrossings, stopBandDb, overlap } = quality;
  const name = [phases, step, zeroCrossings, stopBandDb, overlap].join(' ');
  const known = kept.get(name);
  if (known !== undefined) return known;
  const stretch = Math.max(1, fromRate / toRate);
  const halfTaps = Math.ceil(zeroCrossings * stretch);
  const bank = { phases, step, halfTaps, filters: designFilters(phases, halfTaps, stretch, quality) };
  if (phases <= MAX_KEPT_PHASES) keep(name, bank);
  return bank;
}

function keep(name: string, bank: FilterBank): void {
  kept.set(name, bank);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** One filter per phase, each summing to 1 so that a constant stays the same constant. */
function designFilters(
  phases: number,
  halfTaps: number,
  stretch: number,
  { zeroCrossings, stopBandDb, overlap }: ResamplerQuality,
): Float32Array[] {
  // Kaiser 1974: the window's beta, and the transition's width in cycles per sample of the lower rate.
  const beta = 0.1102 * (stopBandDb - 8.7);
  const transition = (stopBandDb - 7.95) / 14.36 / (2 * zeroCrossings);
  const cutoff = (1 - (1 - overlap) * transition) / stretch;
  const besselOfBeta = besselI0(beta);
  return Array.from({ length: phases }, (_, phase) => {
    const filter = new Float64Array(2 * halfTaps);
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap += 1) {
      const distance = tap - halfTaps + 1 - phase / phases;
      const edge = distance / halfTaps;
      const window = besselI0(beta * Math.sqrt(Math.max(0, 1 - edge * edge))) / besselOfBeta;
      const value = sinc(distance * cutoff) * window;
      filter[tap] = value;
      sum += value;
    }
    return Float32Array.from(filter, (value) => value / sum);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
