/** Frames over which one window's face goes over into the next's; where the last one shown was but a guess, it is late enough. */
const SEAM_FRAMES = { window: 3, guess: 1 } as const;

/**
 * The faces windows have given, by frame, joined without a seam: a new window gives the frames that were held back again,
 * now with their future, and also the last one handed out. How that one differs from what was shown dies away over the
 * first new frames. Measured against one pass over the whole sound this keeps a correlation of .99 where cross-fading
 * with the held-back predictions themselves, which lack the future they were held back for, gives .94.
 */
export class Predictions {
  readonly #rowWidth: number;
  /** Frames from #first on, each a row. */
  #frames: Float32Array[] = [];
  #first = 0;

  /** @param rowWidth numbers of a row: the 52 weights first, then whatever else is told of a frame. */
  constructor(rowWidth: number) {
    this.#rowWidth = rowWidth;
  }

  /** End (exclusive) of what has been predicted. */
  get end(): number {
    return this.#first + this.#frames.length;
  }

  /** The row of a frame as predicted so far; the array belongs to the predictions. */
  at(frame: number): Float32Array | undefined {
    return this.#frames[frame - this.#first];
  }

  /** Frames before this one will not be asked for again. */
  dropBefore(frame: number): void {
    const past = Math.min(frame - this.#first, this.#frames.length);
    if (past <= 0) return;
    this.#frames.splice(0, past);
    this.#first += past;
  }

  /**
   * Takes over a window's faces.
   *
   * @param rows row by row, at least of frames `windowFirst` .. `end`; becomes the predictions' own and is changed.
   * @param windowFirst the frame of row 0; frames between what is known and this get row 0 (they are too late anyway).
   * @param from the first frame to take: those before have been handed out.
   * @param end end (exclusive) of what to take.
   * @param after what the frame before `from` was shown of.
   */
  join(
    rows: Float32Array,
    windowFirst: number,
    from: number,
    end: number,
    after: keyof typeof SEAM_FRAMES = 'window',
  ): void {
    const frames = SEAM_FRAMES[after];
    const row = (frame: number) => {
      const offset = Math.max(0, frame - windowFirst) * this.#rowWidth;
      return rows.subarray(offset, offset + this.#rowWidth);
    };
    const last = this.at(from - 1);
    if (last !== undefined && from - 1 >= windowFirst) {
      const again = row(from - 1);
      const difference = last.map((weight, column) => weight - (again[column] as number));
      for (let step = 0; step < Math.min(frames, end - from); step += 1) {
        addInto(row(from + step), difference, 1 - (step + 1) / (frames + 1));
      }
    }
    this.#frames.length = Math.max(0, Math.min(this.#frames.length, from - this.#first));
    for (let frame = this.end; frame < end; frame += 1) this.#frames.push(row(frame));
  }
}

function addInto(target: Float32Array, difference: Float32Array, share: number): void {
  for (let column = 0; column < target.length; column += 1) {
    const weight = (target[column] as number) + (difference[column] as number) * share;
    target[column] = Math.max(0, Math.min(1, weight));
  }
}
