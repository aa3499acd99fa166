/** Zero crossings of the sinc on each side: the length of the filter at the lower of the two rates. */
const CROSSINGS = 24;

/** The filter is tabled so finely between two samples; between the entries it is interpolated. */
const PHASES = 128;

/** The filter begins to fall at this share of the lower Nyquist frequency, to be down when it is reached. */
const CUTOFF = 0.9;

/** Kaiser window; 9 gives side lobes below -90 dB (Kaiser's formula, Oppenheim & Schafer, Discrete-Time Signal Processing, 7.5.3). */
const KAISER_BETA = 9;

/**
 * Converts a stream of samples from one rate to another: a polyphase windowed-sinc filter, so that what the lower rate
 * cannot hold is taken out first instead of folding back as another tone. Whatever pieces the sound comes in, the
 * output is the same.
 */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  /** Reach of the filter on each side, in input samples. */
  readonly #reach: number;
  readonly #table: Float32Array;
  /** Input that is still needed; it begins at sample `#at` of the stream. */
  #input: Float32Array;
  #at: number;
  /** Samples given so far. */
  #given = 0;
  #taken = 0;

  /** @param from and @param to are Hz. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
    const cutoff = Math.min(1, to / from) * (from === to ? 1 : CUTOFF);
    this.#reach = Math.ceil(CROSSINGS / Math.min(1, to / from));
    this.#table = filterTable(this.#reach, cutoff);
    this.#input = new Float32Array(this.#reach); // silence before the beginning
    this.#at = -this.#reach;
  }

  /** Whether it converts between these rates. */
  converts(from: number, to: number): boolean {
    return from === this.#from && to === this.#to;
  }

  /** Another stream begins. */
  restart(): void {
    this.#input = new Float32Array(this.#reach);
    this.#at = -this.#reach;
    this.#given = 0;
    this.#taken = 0;
  }

  /** Takes the next samples; gives all that can be computed with them. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    this.#taken += samples.length;
    this.#append(samples);
    const lastCentre = this.#at + this.#input.length - 1 - this.#reach;
    return this.#upTo(Math.floor((lastCentre * this.#to) / this.#from) + 1);
  }

  /** The stream has ended: gives the rest, so that in all there are as many as the time holds. */
  end(): Float32Array<ArrayBuffer> {
    this.#append(new Float32Array(this.#reach + 1));
    return this.#upTo(Math.round((this.#taken * this.#to) / this.#from));
  }

  #append(samples: Float32Array): void {
    // The first sample that the next output needs.
    const needed = Math.floor((this.#given * this.#from) / this.#to) - this.#reach;
    const kept = this.#input.subarray(Math.max(0, Math.min(this.#input.length, needed - this.#at)));
    this.#at += this.#input.length - kept.length;
    this.#input = new Float32Array(kept.length + samples.length);
    this.#input.set(kept);
    this.#input.set(samples, kept.length);
  }

  #upTo(count: number): Float32Array<ArrayBuffer> {
    const output = new Float32Array(Math.max(0, count - this.#given));
    for (let index = 0; index < output.length; index += 1) output[index] = this.#sample(this.#given + index);
    this.#given += output.length;
    return output;
  }

  /** The value of the band-limited input where output sample `index` lies. */
  #sample(index: number): number {
    // Split in whole numbers: after hours a position in floating point would be too coarse.
    const whole = Math.floor((index * this.#from) / this.#to);
    const fraction = ((index * this.#from) % this.#to) / this.#to;
    const phase = fraction * PHASES;
    const row = Math.floor(phase);
    const share = phase - row;
    const width = 2 * this.#reach;
    const first = whole - this.#reach + 1 - this.#at;
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      const low = this.#table[row * width + tap] ?? 0;
      const high = this.#table[(row + 1) * width + tap] ?? 0;
      sum += (low + (high - low) * share) * (this.#input[first + tap] ?? 0);
    }
    return sum;
  }
}

/** A row of taps for every phase, each with a sum of 1: constant sound keeps its level exactly. */
function filterTable(reach: number, cutoff: number): Float32Array {
  const width = 2 * reach;
  const table = new Float32Array((PHASES + 1) * width);
  for (let row = 0; row <= PHASES; row += 1) {
    const taps = Array.from({ length: width }, (_, tap) => {
      const distance = tap - reach + 1 - row / PHASES;
      return sinc(cutoff * distance) * kaiser(distance / reach);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    table.set(
      taps.map((tap) => tap / sum),
      row * width,
    );
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
