/** The silence that is put into one turn where its sound is missing: where, and how much of it in a row. */
export class Fillers {
  readonly #frameMs: number;
  /** Positions among all frames. */
  readonly #positions: number[] = [];
  /** Since when the next frame's sound has been missing. */
  #missingSince: number | undefined;
  #inARow = 0;
  /** Of those in a row the ones since the agent last had a reason to be silent. */
  #unexcused = 0;

  /** @param frameMs how long a frame is heard */
  constructor(frameMs: number) {
    this.#frameMs = frameMs;
  }

  /** Milliseconds of silence in all. */
  get ms(): number {
    return this.#positions.length * this.#frameMs;
  }

  /** Milliseconds of silence since the last sound for which the agent had no reason. */
  get unexcusedMs(): number {
    return this.#unexcused * this.#frameMs;
  }

  /** Milliseconds of silence within the first `playedMs` of playback. */
  msWithin(playedMs: number): number {
    return this.#positions.filter((position) => position * this.#frameMs < playedMs).length * this.#frameMs;
  }

  /** The next frame's sound is not there: since when. */
  missingSince(nowMs: number): number {
    this.#missingSince ??= nowMs;
    return this.#missingSince;
  }

  /**
   * The frame at `position` is silence.
   *
   * @param excused whether the agent has a reason to be silent now
   * @returns whether it is the first after sound
   */
  add(position: number, excused: boolean): boolean {
    this.#positions.push(position);
    this.#inARow += 1;
    this.#unexcused = excused ? 0 : this.#unexcused + 1;
    return this.#inARow === 1;
  }

  /** Sound goes out again. */
  soundSent(): void {
    this.#missingSince = undefined;
    this.#inARow = 0;
    this.#unexcused = 0;
  }
}
