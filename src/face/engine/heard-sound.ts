import { FOR_MODELS } from '../../audio/filter-bank.ts';
import { frameStart } from '../../audio/pcm.ts';
import { createResampler, type Resampler } from '../../audio/resampler.ts';
import { FACE_FPS, tilingFrames, wholeFrames } from './frame-grid.ts';
import { FrameLevels, measureFrame } from './frame-levels.ts';

/** What stands for the sound to come: long enough to hold a voice's period, short enough to be of one phone. */
const REPEATED_FRAMES = 2;

/**
 * One turn's sound as the model hears it: at the model's rate, on one absolute grid of samples and frames, with silence
 * before the beginning and after the end. Resampled as one piece, whatever the chunks. Holds what was not dropped.
 */
export class HeardSound {
  /** Measured frame by frame as they become whole. */
  readonly levels = new FrameLevels();
  readonly #turnRate: number;
  readonly #modelRate: number;
  readonly #resampler: Resampler;
  #turnSamples = 0;
  #ended = false;
  /** Model samples #start .. #start + #length. */
  #buffer = new Int16Array(16_384);
  #start = 0;
  #length = 0;

  /**
   * @param turnRate Hz of what is pushed.
   * @param modelRate Hz of what is read.
   */
  constructor(turnRate: number, modelRate: number) {
    this.#turnRate = turnRate;
    this.#modelRate = modelRate;
    this.#resampler = createResampler(turnRate, modelRate, FOR_MODELS);
  }

  /** Samples of sound held now, at the model's rate. */
  get heldSamples(): number {
    return this.#length;
  }

  /** Frames of sound that are there whole; once it has ended, those that tile it. */
  get frames(): number {
    return this.#ended ? tilingFrames(this.#turnSamples, this.#turnRate) : this.levels.count;
  }

  /** The same, but for the moment that resampling holds the sound back: frames that may be played. */
  get arrived(): number {
    return this.#ended ? this.frames : wholeFrames(this.#turnSamples, this.#turnRate);
  }

  /** Whether {@link end} was called: {@link frames} is then final. */
  get ended(): boolean {
    return this.#ended;
  }

  push(pcm: Int16Array): void {
    if (this.#ended) return;
    this.#turnSamples += pcm.length;
    this.#append(this.#resampler.push(pcm));
    this.#measureTo(wholeFrames(this.#start + this.#length, this.#modelRate));
  }

  end(): void {
    if (this.#ended) return;
    this.#append(this.#resampler.flush());
    this.#ended = true;
    this.#measureTo(this.frames);
  }

  /**
   * Fills `window` with the sound from the beginning of frame `firstFrame` (may be negative) on, -1..1. Before the beginning
   * and after the end there are zeros; beyond what has come so far, the last two frames of it again and again.
   */
  read(firstFrame: number, window: Float32Array): void {
    const offset = frameStart(firstFrame, this.#modelRate, FACE_FPS) - this.#start;
    const from = Math.max(0, -offset);
    const to = Math.max(from, Math.min(window.length, this.#length - offset));
    window.fill(0, 0, from);
    for (let index = from; index < to; index += 1)
      window[index] = (this.#buffer[offset + index] as number) / 32_768;
    const again = Math.min(to, frameStart(REPEATED_FRAMES, this.#modelRate, FACE_FPS));
    if (this.#ended || again === 0) window.fill(0, to);
    else
      for (let index = to; index < window.length; index += 1) window[index] = window[index - again] as number;
  }

  /** Frames before this one will not be read again. */
  dropBefore(frame: number): void {
    this.levels.dropBefore(frame);
    const past = Math.min(frameStart(frame, this.#modelRate, FACE_FPS) - this.#start, this.#length);
    if (past < this.#buffer.length / 4) return; // seldom, so that moving what stays costs next to nothing
    this.#buffer.copyWithin(0, past, this.#length);
    this.#start += past;
    this.#length -= past;
  }

  #append(pcm: Int16Array): void {
    const needed = this.#length + pcm.length;
    if (needed > this.#buffer.length) {
      const larger = new Int16Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(pcm, this.#length);
    this.#length = needed;
  }

  #measureTo(frames: number): void {
    for (let frame = this.levels.count; frame < frames; frame += 1) {
      const from = frameStart(frame, this.#modelRate, FACE_FPS) - this.#start;
      const to = frameStart(frame + 1, this.#modelRate, FACE_FPS) - this.#start;
      this.levels.push(measureFrame(this.#buffer.subarray(from, Math.min(to, this.#length))));
    }
  }
}
