import { TokenBucket } from '../auth/token-bucket.ts';
import { LimitError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/** Messages that are not sound: bursts of 30, then 5 a second (the reference README's per-session limit). */
const MESSAGES = { capacity: 30, refillPerSecond: 5 } as const;

/** A client's reports of what it has played come often, and cost little. */
const REPORT_COST = 0.2;

/** Messages that only a picture may be (64 KiB and more) are counted before they are read: bursts of 4, then 1 a second. */
const LARGE = { capacity: 4, refillPerSecond: 1 } as const;

/** Sound: twice real time, with four seconds of burst for a client that was offline for a moment. */
const SOUND_SECONDS = { capacity: 4, refillPerSecond: 2 } as const;

/** The client is told at most this often that it sends too much. */
const TELL_EVERY_MS = 1000;

/** What one client may send. Owned by the session. */
export class InboundLimit {
  readonly #clock: Clock;
  readonly #messages: TokenBucket;
  readonly #large: TokenBucket;
  readonly #sound: TokenBucket;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#messages = new TokenBucket(MESSAGES, clock.now());
    this.#large = new TokenBucket(LARGE, clock.now());
    this.#sound = new TokenBucket(SOUND_SECONDS, clock.now());
  }

  /**
   * Accounts for a message that is not sound, good or bad.
   *
   * @returns whether it may pass; `tell` is the error to send with a refusal, absent if the client was told just now.
   */
  message(): Verdict {
    return this.#take(this.#messages, 1);
  }

  /** Accounts for a report of playback. */
  report(): Verdict {
    return this.#take(this.#messages, REPORT_COST);
  }

  /** Accounts for a large message, before it is read. */
  large(): Verdict {
    return this.#take(this.#large, 1);
  }

  /** Accounts for `seconds` of sound; one message with more than a burst costs no more than that, so that it can pass. */
  sound(seconds: number): Verdict {
    return this.#take(this.#sound, Math.min(seconds, SOUND_SECONDS.capacity));
  }

  #take(bucket: TokenBucket, cost: number): Verdict {
    const nowMs = this.#clock.now();
    if (bucket.take(cost, nowMs)) return { pass: true };
    if (nowMs - this.#toldAt < TELL_EVERY_MS) return { pass: false };
    this.#toldAt = nowMs;
    const retryAfterMs = bucket.waitMs(cost, nowMs);
    return {
      pass: false,
      tell: new LimitError('rate_limited', 'too much from the client', { retryAfterMs }),
    };
  }
}

/** Whether something may pass; see {@link InboundLimit.message}. */
export type Verdict = { readonly pass: true } | { readonly pass: false; readonly tell?: LimitError };
