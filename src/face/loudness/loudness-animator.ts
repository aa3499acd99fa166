import { frameStart } from '../../audio/pcm.ts';
import { SampleQueue } from '../../audio/sample-queue.ts';
import type { FaceAnimator, FaceFrame, FaceStream, OpenFace } from '../animator.ts';
import { bandLevelMeter } from './band-levels.ts';
import { CLOSED_MOUTH, type MouthShape, mixMouths, mouthReader, mouthWeights } from './mouth-shape.ts';

const FPS = 30;

/**
 * The share each frame's own sound and that of the next two have in its mouth. People shape a sound before they make
 * it: with the smoothing below the lips run about one frame (33 ms) ahead.
 */
const AHEAD = [0.1, 0.4, 0.5] as const;
const LOOK_AHEAD = AHEAD.length - 1;

/** How much of the way to its target the mouth goes in a frame; it opens faster than it closes. */
const OPENING_STEP = 0.75;
const CLOSING_STEP = 0.5;

/**
 * The face that is always there: follows the sound's loudness and a few of its bands, needs no model, costs some
 * microseconds a frame. Works only as far ahead as its reader reads.
 */
export function loudnessAnimator(): FaceAnimator {
  return {
    name: 'loudness',
    fps: FPS,
    open: (options) => new LoudnessStream(options),
    close: () => Promise.resolve(),
  };
}

class LoudnessStream implements FaceStream {
  readonly frames: AsyncIterable<FaceFrame>;
  readonly #sampleRate: number;
  readonly #signal: AbortSignal;
  readonly #sound = new SampleQueue();
  readonly #measure: ReturnType<typeof bandLevelMeter>;
  readonly #read = mouthReader();
  /** Mouths of the frames measured but not yet out of the look-ahead, the next frame's first. */
  readonly #measured: MouthShape[] = [];
  #measuredCount = 0;
  #ended = false;
  #notify: (() => void) | undefined;

  constructor({ sampleRate, signal }: OpenFace) {
    this.#sampleRate = sampleRate;
    this.#signal = signal;
    this.#measure = bandLevelMeter(sampleRate);
    this.frames = this.#animate();
    signal.addEventListener('abort', () => this.#notify?.(), { once: true });
  }

  push(pcm: Int16Array): void {
    this.#sound.push(pcm);
    this.#notify?.();
  }

  end(): void {
    this.#ended = true;
    this.#notify?.();
  }

  async *#animate(): AsyncGenerator<FaceFrame, void> {
    let mouth = CLOSED_MOUTH;
    for (let index = 0; await this.#hasFrame(); index += 1) {
      const target = this.#target();
      this.#measured.shift();
      mouth = mixMouths(mouth, target, target.open > mouth.open ? OPENING_STEP : CLOSING_STEP);
      yield { index, weights: mouthWeights(mouth) };
    }
  }

  /** Waits until the next frame and its look-ahead are measured; false when there is no next frame. */
  async #hasFrame(): Promise<boolean> {
    while (!this.#signal.aborted) {
      while (this.#measured.length <= LOOK_AHEAD && this.#measureNext());
      if (this.#measured.length > LOOK_AHEAD) return true;
      if (this.#ended) return this.#measured.length > 0;
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
    return false;
  }

  #measureNext(): boolean {
    const start = frameStart(this.#measuredCount, this.#sampleRate, FPS);
    const length = frameStart(this.#measuredCount + 1, this.#sampleRate, FPS) - start;
    if (this.#sound.length < (this.#ended ? 1 : length)) return false;
    this.#measured.push(this.#read(this.#measure(this.#sound.take(length))));
    this.#measuredCount += 1;
    return true;
  }

  /** Beyond the end of the sound the mouth is closed. */
  #target(): MouthShape {
    return AHEAD.reduce((sum, share, ahead) => {
      const mouth = this.#measured[ahead] ?? CLOSED_MOUTH;
      return {
        open: sum.open + share * mouth.open,
        jaw: sum.jaw + share * mouth.jaw,
        round: sum.round + share * mouth.round,
        spread: sum.spread + share * mouth.spread,
        hiss: sum.hiss + share * mouth.hiss,
      };
    }, CLOSED_MOUTH);
  }
}
