import { msToSamples, rms, samplesToMs, toDbfs } from '../audio/pcm.ts';

/** Length of the blocks that are either voiced or not; to the nearest sample. */
const BLOCK_MS = 20;

/** A block louder than this (dBFS) counts as voice. */
const VOICED_DBFS = -45;

/** With less voice than this share of the sound (a whisper, a test tone of silence) all of it counts as voice. */
const LEAST_VOICED_SHARE = 0.1;

/**
 * A second time axis for a turn's sound, which runs only while somebody speaks. Words are spread over it, so that they
 * do not run on through pauses. All times are milliseconds from the turn's first sample.
 */
export class VoicedTime {
  readonly #sampleRate: number;
  readonly #block: Int16Array;
  readonly #blockMs: number;
  #filled = 0;
  /** Voiced milliseconds before each block, and in all. */
  readonly #voicedBefore: number[] = [0];

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#block = new Int16Array(msToSamples(BLOCK_MS, sampleRate));
    this.#blockMs = samplesToMs(this.#block.length, sampleRate);
  }

  /** Milliseconds of sound seen. */
  get soundMs(): number {
    return this.#wholeBlocksMs + samplesToMs(this.#filled, this.#sampleRate);
  }

  /** The next sound, any size. */
  push(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; ) {
      const part = pcm.subarray(at, at + this.#block.length - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#block.length) this.#closeBlock();
    }
  }

  /** The time at which the voice has run for `voicedMs`: where the next voiced moment begins. */
  toSound(voicedMs: number): number {
    if (this.#tooQuiet) return voicedMs;
    const blocks = this.#voicedBefore;
    if (voicedMs >= this.#voicedMs) return this.soundMs + voicedMs - this.#voicedMs;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((blocks[middle + 1] ?? 0) > voicedMs) high = middle;
      else low = middle + 1;
    }
    return low * this.#blockMs + voicedMs - (blocks[low] ?? 0);
  }

  /** How long the voice has run at the time `soundMs`. */
  toVoiced(soundMs: number): number {
    if (this.#tooQuiet) return soundMs;
    if (soundMs >= this.#wholeBlocksMs) return this.#voicedMs + soundMs - this.#wholeBlocksMs;
    const block = Math.floor(soundMs / this.#blockMs);
    const before = this.#voicedBefore[block] ?? 0;
    const inBlock = (this.#voicedBefore[block + 1] ?? before) - before;
    return before + Math.min(inBlock, soundMs - block * this.#blockMs);
  }

  get #voicedMs(): number {
    return this.#voicedBefore.at(-1) ?? 0;
  }

  get #wholeBlocksMs(): number {
    return (this.#voicedBefore.length - 1) * this.#blockMs;
  }

  get #tooQuiet(): boolean {
    return this.#voicedMs < LEAST_VOICED_SHARE * this.#wholeBlocksMs;
  }

  #closeBlock(): void {
    const voiced = toDbfs(rms(this.#block)) > VOICED_DBFS;
    this.#voicedBefore.push(this.#voicedMs + (voiced ? this.#blockMs : 0));
    this.#filled = 0;
  }
}
