/** So many round trips are kept. */
const KEPT = 20;

/** Pings that were never answered are forgotten beyond so many. */
const MOST_OPEN = 8;

/** How long a ping takes to the server and its pong back. */
export class RoundTrips {
  #open: number[] = [];
  #times: number[] = [];

  /** A ping went out. */
  asked(atMs: number): void {
    this.#open = [...this.#open, atMs].slice(-MOST_OPEN);
  }

  /** A pong came; pongs come in the order of the pings. */
  answered(atMs: number): void {
    const askedAtMs = this.#open.shift();
    if (askedAtMs !== undefined) this.#times = [...this.#times, atMs - askedAtMs].slice(-KEPT);
  }

  /** The connection is another one: what was asked is not answered any more. */
  lose(): void {
    this.#open = [];
  }

  /** The last one (ms); undefined before the first. */
  get lastMs(): number | undefined {
    return this.#times.at(-1);
  }

  /** The median of the last twenty (ms). */
  get medianMs(): number | undefined {
    return this.#times.toSorted((a, b) => a - b)[this.#times.length >> 1];
  }
}
