/** Frames over which one face goes over into the other. */
const HANDOVER_FRAMES = 4;

/**
 * Joins two faces where one takes over from the other: the difference between what was shown last and what the new one
 * showed at that moment dies away over four frames. Works both ways, also where the old face has nothing more to show.
 */
export class Handover<Source> {
  #source: Source | undefined;
  #shown: Float32Array | undefined;
  #difference: Float32Array | undefined;
  #fadeStep = 0;

  /**
   * The next face to show.
   *
   * @param source whose face it is.
   * @param weights the face; changed in place and returned.
   * @param before the same source's face one frame earlier, if it has one. Not changed.
   */
  next(source: Source, weights: Float32Array, before: Float32Array | undefined): Float32Array {
    if (this.#shown !== undefined && source !== this.#source) {
      const from = before ?? weights;
      this.#difference = this.#shown.map((shown, column) => shown - (from[column] as number));
      this.#fadeStep = 0;
    }
    this.#source = source;
    this.#fade(weights);
    // A copy: the reader owns what it is given.
    if (this.#shown === undefined) this.#shown = weights.slice();
    else this.#shown.set(weights);
    return weights;
  }

  #fade(weights: Float32Array): void {
    if (this.#difference === undefined) return;
    this.#fadeStep += 1;
    const share = 1 - this.#fadeStep / (HANDOVER_FRAMES + 1);
    for (let column = 0; column < weights.length; column += 1) {
      const weight = (weights[column] as number) + (this.#difference[column] as number) * share;
      weights[column] = Math.max(0, Math.min(1, weight));
    }
    if (this.#fadeStep === HANDOVER_FRAMES) this.#difference = undefined;
  }
}
