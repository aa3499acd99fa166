/** Pictures are looked at in groups of this many; the first ones, when everything is made, do not count. */
const GROUP = 24;
const WARM_UP = 8;

/** Half of a group's pictures may take longer than this: 30 pictures a second, and some patience. */
const SLOW_MS = 40;

/** A picture that took longer than this was not slow: the page was hidden. */
const HIDDEN_MS = 1000;

/** Watches how fast pictures follow one another. */
export class Pace {
  #lastMs: number | undefined;
  #warmedUp = 0;
  #steps: number[] = [];

  /** Notes a picture. Whether the last group of them was too slow; after that it starts anew. */
  tooSlow(nowMs: number): boolean {
    const stepMs = nowMs - (this.#lastMs ?? nowMs);
    this.#lastMs = nowMs;
    if (this.#warmedUp < WARM_UP) {
      this.#warmedUp += 1;
      return false;
    }
    if (stepMs > HIDDEN_MS) return false;
    this.#steps.push(stepMs);
    if (this.#steps.length < GROUP) return false;
    const median = this.#steps.sort((a, b) => a - b)[GROUP / 2] ?? 0;
    this.#steps = [];
    if (median <= SLOW_MS) return false;
    this.#warmedUp = 0;
    return true;
  }
}
