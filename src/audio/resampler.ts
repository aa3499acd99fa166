import { clipToInt16 } from './pcm.ts';

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

/** Changes the sample rate of a stream, chunk by chunk, as if it were one piece. One per stream; holds its past. */
export interface Resampler {
  /** The samples that can be made so far; the caller owns the array. */
  push(pcm: Int16Array): Int16Array;
  /** The rest. In all, ceil(in · toRate / fromRate) samples come out. The resampler is then as new. */
  flush(): Int16Array;
}

/**
 * A streaming polyphase windowed-sinc resampler: linear phase, its delay taken out (sample 0 stays at time 0),
 * no drift (positions are whole-number ratios), no seam at any chunk size, about 90 dB of alias rejection.
 *
 * @param fromRate Hz, whole
 * @param toRate Hz, whole. Equal rates pass the samples through untouched.
 */
export function createResampler(
  fromRate: number,
  toRate: number,
  quality: ResamplerQuality = FULL_QUALITY,
): Resampler {
  if (fromRate === toRate) return { push: (pcm) => pcm, flush: () => new Int16Array(0) };
  return new PolyphaseResampler(fromRate, toRate, quality);
}

class PolyphaseResampler implements Resampler {
  /** Output sample n lies at input position n · #step / #phases. */
  readonly #phases: number;
  readonly #step: number;
  readonly #halfTaps: number;
  readonly #filters: readonly Float32Array[];
  /** Input from sample #bufferStart on; what no output needs any more is dropped. */
  #buffer: Float32Array;
  #buffered: number;
  #bufferStart: number;
  #received = 0;
  #produced = 0;

  constructor(fromRate: number, toRate: number, quality: ResamplerQuality) {
    const divisor = greatestCommonDivisor(fromRate, toRate);
    this.#phases = toRate / divisor;
    this.#step = fromRate / divisor;
    const stretch = Math.max(1, fromRate / toRate);
    this.#halfTaps = Math.ceil(quality.zeroCrossings * stretch);
    this.#filters = designFilters(this.#phases, this.#halfTaps, stretch, quality);
    this.#buffer = new Float32Array(4096);
    this.#buffered = 0;
    this.#bufferStart = 0;
    this.#reset();
  }

  push(pcm: Int16Array): Int16Array {
    this.#append(pcm);
    this.#received += pcm.length;
    // The last input an output needs is halfTaps beyond its position.
    return this.#produce(Math.ceil(((this.#received - this.#halfTaps) * this.#phases) / this.#step));
  }

  flush(): Int16Array {
    const total = Math.ceil((this.#received * this.#phases) / this.#step);
    this.#append(new Int16Array(this.#halfTaps + 1));
    const rest = this.#produce(total);
    this.#reset();
    return rest;
  }

  /** Silence before the first sample, so that its filter has a past. */
  #reset(): void {
    this.#buffer.fill(0, 0, this.#halfTaps);
    this.#buffered = this.#halfTaps;
    this.#bufferStart = -this.#halfTaps;
    this.#received = 0;
    this.#produced = 0;
  }

  #append(pcm: Int16Array): void {
    const needed = this.#buffered + pcm.length;
    if (needed > this.#buffer.length) {
      const larger = new Float32Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#buffered));
      this.#buffer = larger;
    }
    this.#buffer.set(pcm, this.#buffered);
    this.#buffered = needed;
  }

  /** Makes output samples up to (not including) number `end`. */
  #produce(end: number): Int16Array {
    const out = new Int16Array(Math.max(0, end - this.#produced));
    const taps = 2 * this.#halfTaps;
    for (let index = 0; index < out.length; index += 1) {
      const position = (this.#produced + index) * this.#step;
      const filter = this.#filters[position % this.#phases] as Float32Array; // modulo keeps it in range
      const first = Math.floor(position / this.#phases) - this.#halfTaps + 1 - this.#bufferStart;
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1) {
        sum += (filter[tap] as number) * (this.#buffer[first + tap] as number);
      }
      out[index] = clipToInt16(sum);
    }
    this.#produced += out.length;
    this.#dropPast();
    return out;
  }

  #dropPast(): void {
    const next = Math.floor((this.#produced * this.#step) / this.#phases) - this.#halfTaps + 1;
    const past = Math.min(next - this.#bufferStart, this.#buffered);
    if (past <= 0) return;
    this.#buffer.copyWithin(0, past, this.#buffered);
    this.#buffered -= past;
    this.#bufferStart += past;
  }
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
