import { monitorEventLoopDelay } from 'node:perf_hooks';

type Delays = ReturnType<typeof monitorEventLoopDelay>;

/** How often (ms) the loop is asked; what is measured beyond it is delay. */
const RESOLUTION_MS = 10;

/** What is shown is of the last one to two of these (ms), however often somebody looks. */
const SPAN_MS = 15_000;

/** How late the event loop was in the last 15 to 30 seconds, in seconds. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
}

/** Watches the event loop; {@link EventLoopWatch.stop} ends it. Does not keep the process alive. */
export class EventLoopWatch {
  #current = started();
  #before: Delays | undefined;
  readonly #timer = setInterval(() => this.#turnOver(), SPAN_MS).unref();

  /** The delays now: the larger of the span under way and the one before. */
  get delay(): EventLoopDelay {
    return { p50: this.#percentile(50), p99: this.#percentile(99) };
  }

  /** Watches no more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#current.disable();
  }

  #percentile(percent: number): number {
    const both = [this.#current, this.#before].map((seen) => delaySeconds(seen, percent));
    return Math.max(...both);
  }

  #turnOver(): void {
    this.#current.disable();
    this.#before = this.#current;
    this.#current = started();
  }
}

function started(): Delays {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** 0 where nothing was seen yet. Node counts from one tick to the next, the tick's own length included. */
function delaySeconds(seen: Delays | undefined, percent: number): number {
  if (seen === undefined || seen.count === 0) return 0;
  return Math.max(0, seen.percentile(percent) / 1e6 - RESOLUTION_MS) / 1000;
}
