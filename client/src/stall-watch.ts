/** Notices that a turn has stopped coming without an end. */
export class StallWatch {
  readonly #afterMs: number;
  readonly #onStalled: (turnId: string) => void;
  #watched: { readonly turnId: string; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(afterMs: number, onStalled: (turnId: string) => void) {
    this.#afterMs = afterMs;
    this.#onStalled = onStalled;
  }

  /** From now on something of this turn must come. */
  watch(turnId: string): void {
    this.stop();
    const timer = setTimeout(() => {
      this.#watched = undefined;
      this.#onStalled(turnId);
    }, this.#afterMs);
    this.#watched = { turnId, timer };
  }

  /** Something of this turn has come. */
  alive(turnId: string): void {
    if (this.#watched?.turnId === turnId) this.watch(turnId);
  }

  /** This turn (or any) has ended. */
  stop(turnId = this.#watched?.turnId): void {
    if (this.#watched === undefined || this.#watched.turnId !== turnId) return;
    clearTimeout(this.#watched.timer);
    this.#watched = undefined;
  }
}
