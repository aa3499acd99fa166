/** Counted over this time (ms). */
const WINDOW_MS = 1000;

/** How many pictures a second are drawn. */
export class PictureRate {
  #times: number[] = [];

  /** A picture was drawn. */
  drew(atMs: number): void {
    this.#times.push(atMs);
    const first = this.#times.findIndex((time) => time > atMs - WINDOW_MS);
    if (first > 0) this.#times.splice(0, first);
  }

  /** Pictures in the last second. */
  perSecond(atMs: number): number {
    return this.#times.filter((time) => time > atMs - WINDOW_MS).length;
  }
}
