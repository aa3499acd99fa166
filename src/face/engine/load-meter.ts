/** After this time (ms) what was before counts for 1/e. */
const MEMORY_MS = 10_000;

/** A level that changes in steps, averaged over the last seconds: how busy something is. Told the time. */
export class LoadMeter {
  #average = 0;
  #level = 0;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** From now on the level is this, 0..1. */
  set(level: number, nowMs: number): void {
    this.#average = this.average(nowMs);
    this.#atMs = nowMs;
    this.#level = level;
  }

  /** 0..1. */
  average(nowMs: number): number {
    const kept = Math.exp((this.#atMs - nowMs) / MEMORY_MS);
    return this.#average * kept + this.#level * (1 - kept);
  }
}
