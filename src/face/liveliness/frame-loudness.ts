import { frameStart, toDbfs } from '../../audio/pcm.ts';

/** Measures the loudness of a turn's sound frame by frame, as it comes, and keeps what was not asked for yet. */
export class FrameLoudness {
  readonly #sampleRate: number;
  readonly #fps: number;
  #levels: number[] = [];
  /** The frame of the first level kept. */
  #first = 0;
  #samples = 0;
  #frameEnd: number;
  #sum = 0;
  #inFrame = 0;

  constructor(sampleRate: number, fps: number) {
    this.#sampleRate = sampleRate;
    this.#fps = fps;
    this.#frameEnd = frameStart(1, sampleRate, fps);
  }

  /** The next sound. */
  push(pcm: Int16Array): void {
    for (const sample of pcm) {
      this.#sum += sample * sample;
      this.#inFrame += 1;
      this.#samples += 1;
      if (this.#samples === this.#frameEnd) this.#closeFrame();
    }
  }

  /** That was all: the last frame is what there is of it. */
  end(): void {
    if (this.#inFrame > 0) this.#closeFrame();
  }

  /** dBFS of a frame, -120 where there is no sound; frames may only be asked for in order. */
  take(frame: number): number {
    const at = frame - this.#first;
    const level = this.#levels[at] ?? -120;
    if (at >= 64) {
      this.#levels = this.#levels.slice(at);
      this.#first = frame;
    }
    return level;
  }

  #closeFrame(): void {
    this.#levels.push(toDbfs(Math.sqrt(this.#sum / this.#inFrame) / 32_768));
    this.#sum = 0;
    this.#inFrame = 0;
    this.#frameEnd = frameStart(this.#first + this.#levels.length + 1, this.#sampleRate, this.#fps);
  }
}
