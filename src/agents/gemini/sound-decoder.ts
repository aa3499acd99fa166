import { createResampler, type Resampler } from '../../audio/resampler.ts';
import type { SoundPiece } from './server-message.ts';

/** Rates a piece of sound may name; others are taken for a mistake. */
const MIN_RATE = 8000;
const MAX_RATE = 48_000;

/**
 * Makes samples at one rate of an answer's pieces of sound: joins a sample that was cut in two between pieces, and
 * converts where the provider names another rate than was expected. One per answer.
 */
export class SoundDecoder {
  readonly #outputRate: number;
  #half: Buffer = Buffer.alloc(0);
  #resampler: Resampler;
  #sourceRate: number;

  /** @param outputRate Hz that come out, and that are taken for granted where a piece names none. */
  constructor(outputRate: number) {
    this.#outputRate = outputRate;
    this.#sourceRate = outputRate;
    this.#resampler = createResampler(outputRate, outputRate);
  }

  /** The samples that can be made so far; the caller owns the array. */
  push({ base64, sampleRate }: SoundPiece): Int16Array {
    const named = sampleRate ?? this.#sourceRate;
    const rate = named >= MIN_RATE && named <= MAX_RATE ? named : this.#sourceRate;
    if (rate !== this.#sourceRate) {
      this.#sourceRate = rate;
      this.#resampler = createResampler(rate, this.#outputRate);
    }
    return this.#resampler.push(this.#samples(Buffer.from(base64, 'base64')));
  }

  /** The rest. Half a sample that is left over is dropped. */
  flush(): Int16Array {
    this.#half = Buffer.alloc(0);
    return this.#resampler.flush();
  }

  #samples(piece: Buffer): Int16Array {
    const bytes = this.#half.length === 0 ? piece : Buffer.concat([this.#half, piece]);
    const whole = bytes.length - (bytes.length % 2);
    this.#half = bytes.subarray(whole);
    return new Int16Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
  }
}
