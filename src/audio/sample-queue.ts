const USED_UP = new Int16Array(0);

/** Used-up chunks are dropped from the list once there are so many, and no fewer than are still in use. */
const DROP_TOGETHER = 64;

/** A first-in, first-out queue of samples: chunks of any size go in, slices of any size come out, in order. */
export class SampleQueue {
  readonly #chunks: Int16Array[] = [];
  /** Chunks before this one are used up: shift() would move the whole list, which tiny chunks make very long. */
  #head = 0;
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
      const head = this.#chunks[this.#head];
      if (head === undefined) break;
      const part = head.subarray(this.#headOffset, this.#headOffset + slice.length - filled);
      slice.set(part, filled);
      filled += part.length;
      this.#headOffset += part.length;
      if (this.#headOffset === head.length) {
        this.#chunks[this.#head] = USED_UP;
        this.#head += 1;
        this.#headOffset = 0;
      }
    }
    this.#length -= filled;
    this.#dropUsedUp();
    return slice;
  }

  /** Forgets everything. */
  clear(): void {
    this.#chunks.length = 0;
    this.#head = 0;
    this.#headOffset = 0;
    this.#length = 0;
  }

  #dropUsedUp(): void {
    if (this.#head < DROP_TOGETHER || this.#head * 2 < this.#chunks.length) return;
    this.#chunks.splice(0, this.#head);
    this.#head = 0;
  }
}
