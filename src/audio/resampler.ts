import { FULL_QUALITY, filterBank, type ResamplerQuality } from './filter-bank.ts';
import { clipToInt16 } from './pcm.ts';

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
    const { phases, step, halfTaps, filters } = filterBank(fromRate, toRate, quality);
    this.#phases = phases;
    this.#step = step;
    this.#halfTaps = halfTaps;
    this.#filters = filters;
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
