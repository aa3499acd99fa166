/** Who is heard. */
export type Voice = 'avatar' | 'visitor';

/** How much of its size the halo loses from one picture to the next when it gets quiet. */
const FALL = 0.12;

/** Changes below this are not worth a style. */
const STEP = 0.01;

/** A ring of light around the avatar that grows with whoever speaks. */
export class Halo {
  readonly #ring: HTMLElement;
  #level = 0;
  #drawn = 0;

  constructor(ring: HTMLElement) {
    this.#ring = ring;
  }

  /** Somebody is heard, so loud (0 to 1). */
  hear(voice: Voice, level: number): void {
    if (level < this.#level) return;
    this.#level = level;
    this.#ring.dataset['voice'] = voice;
  }

  /** Once per picture. */
  draw(): void {
    if (Math.abs(this.#level - this.#drawn) >= STEP) {
      this.#drawn = this.#level;
      this.#ring.style.setProperty('--level', this.#level.toFixed(2));
    }
    this.#level *= 1 - FALL;
  }
}
