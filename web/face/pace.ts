/** Pictures are looked at in groups of this many; the first ones, when everything is made, do not count. */
const GROUP = 24;
const WARM_UP = 8;

/** A picture that took longer than this was not slow: the page was hidden. */
const HIDDEN_MS = 1000;

/** Watches how fast pictures follow one another. */
export class Pace {
  #lastMs: number | undefined;
  #warmedUp = 0;
  #steps: number[] = [];

  /** Notes a picture. At the end of a group: the time from one picture to the next that half of them took at most. */
  note(nowMs: number): number | undefined {
    const stepMs = nowMs - (this.#lastMs ?? nowMs);
    this.#lastMs = nowMs;
    if (this.#warmedUp < WARM_UP) {
      this.#warmedUp += 1;
      return undefined;
    }
    if (stepMs < HIDDEN_MS) this.#steps.push(stepMs);
    if (this.#steps.length < GROUP) return undefined;
    const median = this.#steps.sort((a, b) => a - b)[GROUP / 2];
    this.#steps = [];
    return median;
  }
}
