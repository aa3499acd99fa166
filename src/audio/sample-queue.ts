/** A first-in, first-out queue of samples: chunks of any size go in, slices of any size come out, in order. */
export class SampleQueue {
  readonly #chunks: Int16Array[] = [];
  #headOffset = 0;
  #length = 0;

  /** Samples waiting. */
  get length(): number {
    return this.#length;
  }

  /** Appends a chunk; the queue keeps a reference, so the caller must not change it afterwards. */
  push(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#chunks.push(pcm);
    this.#length += pcm.length;
  }

  /** Takes up to `count` samples off the front, in an array of exactly as many as there were. */
  take(count: number): Int16Array {
    const slice = new Int16Array(Math.min(count, this.#length));
    let filled = 0;
    while (filled < slice.length) {
      const head = this.#chunks[0];
      if (head === undefined) break;
      const part = head.subarray(this.#headOffset, this.#headOffset + slice.length - filled);
      slice.set(part, filled);
      filled += part.length;
      this.#headOffset += part.length;
      if (this.#headOffset === head.length) {
        this.#chunks.shift();
        this.#headOffset = 0;
      }
    }
    this.#length -= filled;
    return slice;
  }

  /** Forgets everything. */
  clear(): void {
    this.#chunks.length = 0;
    this.#headOffset = 0;
    this.#length = 0;
  }
}
