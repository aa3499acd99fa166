import { samplesToMs } from '../audio/pcm.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import { SampleQueue } from '../audio/sample-queue.ts';

/** Sound is converted in pieces of this many milliseconds, so that a long answer never stalls the process. */
const PIECE_MS = 100;

/** Sees the sound at the wire's rate, in order, before it can be taken; the face does. */
export interface SoundListener {
  push(pcm: Int16Array): void;
  /** That was all. */
  end(): void;
}

/**
 * The sound of one turn between the agent and the wire: held as it came, converted to the wire's rate only as far ahead
 * as somebody needs it. Every sample comes out once, in order.
 */
export class TurnSound {
  readonly #fromRate: number;
  readonly #raw = new SampleQueue();
  readonly #ready = new SampleQueue();
  readonly #resampler: Resampler;
  readonly #listener: SoundListener;
  readonly #toRate: number;
  /** open: more may come; ended: all has come; flushed: all has been converted. */
  #state: 'open' | 'ended' | 'flushed' = 'open';

  constructor(fromRate: number, toRate: number, listener: SoundListener) {
    this.#fromRate = fromRate;
    this.#toRate = toRate;
    this.#resampler = createResampler(fromRate, toRate);
    this.#listener = listener;
  }

  /** Milliseconds of sound that have not been taken. */
  get heldMs(): number {
    return samplesToMs(this.#raw.length, this.#fromRate) + samplesToMs(this.#ready.length, this.#toRate);
  }

  /** Whether the agent has said that this is all. */
  get ended(): boolean {
    return this.#state !== 'open';
  }

  /** Sound from the agent, at its rate. */
  push(pcm: Int16Array): void {
    this.#raw.push(pcm);
  }

  /** That was all. */
  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
  }

  /** Makes up to `count` samples ready at the wire's rate, and says how many are. */
  prepare(count: number): number {
    const piece = Math.max(1, Math.round((this.#fromRate * PIECE_MS) / 1000));
    while (this.#ready.length < count && this.#raw.length > 0) {
      this.#convert(this.#resampler.push(this.#raw.take(piece)));
    }
    if (this.#ready.length < count && this.#state === 'ended') {
      this.#state = 'flushed';
      this.#convert(this.#resampler.flush());
      this.#listener.end();
    }
    return this.#ready.length;
  }

  /** Takes up to `count` samples at the wire's rate. */
  take(count: number): Int16Array {
    this.prepare(count);
    return this.#ready.take(count);
  }

  /** Whether nothing is left and nothing will come. */
  get exhausted(): boolean {
    return this.ended && this.prepare(1) === 0;
  }

  #convert(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#ready.push(pcm);
    this.#listener.push(pcm);
  }
}
