/** What can wait in a {@link DeadlineQueue}. */
export interface Waiting {
  /** Monotonic milliseconds; may be infinite. */
  readonly dueAt: number;
  /** Monotonic milliseconds since when it waits. */
  readonly since: number;
}

/**
 * What waits, the most urgent first; equally urgent in the order they came. Bounded. It holds some dozens, so looking
 * through all of them is quicker than keeping them sorted.
 */
export class DeadlineQueue<Item extends Waiting> {
  readonly #items: Item[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Since when the one waits that has waited longest; undefined when none waits. */
  get oldestSince(): number | undefined {
    return this.#items.reduce<number | undefined>(
      (oldest, { since }) => Math.min(oldest ?? since, since),
      undefined,
    );
  }

  /** Lets an item wait. Returns what must go for it, the least urgent (perhaps itself), if the queue was full. */
  add(item: Item): Item | undefined {
    this.#items.push(item);
    if (this.#items.length <= this.#limit) return undefined;
    const least = this.#items.reduce((last, other) => (other.dueAt >= last.dueAt ? other : last));
    this.remove(least);
    return least;
  }

  /** Takes the most urgent out. */
  take(): Item | undefined {
    const [first] = this.#items;
    if (first === undefined) return undefined;
    const next = this.#items.reduce((best, other) => (isSooner(other, best) ? other : best), first);
    this.remove(next);
    return next;
  }

  /** Takes one out, if it is in. */
  remove(item: Item): void {
    const at = this.#items.indexOf(item);
    if (at >= 0) this.#items.splice(at, 1);
  }

  /** Takes all out. */
  clear(): Item[] {
    return this.#items.splice(0);
  }
}

function isSooner(a: Waiting, b: Waiting): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.since < b.since);
}
