import type { Logger } from '../log.ts';
import { isOrigin } from '../protocol/origin.ts';
import type { Clock } from '../time/clock.ts';
import type { OriginFault } from './origin.ts';
import type { RateFault } from './rates.ts';
import type { TokenFault } from './token.ts';
import type { Visitor } from './visitor.ts';

/** Why somebody was let in or not; the log's own words, which may be more exact than what the visitor is told. */
export type Reason =
  | 'ok'
  | 'auth_off'
  | 'crowded'
  | 'too_slow'
  | OriginFault
  | TokenFault
  | RateFault['reason'];

/** One decision at the door. */
export interface Decision {
  readonly what: 'connect' | 'token';
  readonly outcome: 'allowed' | 'refused';
  readonly reason: Reason;
}

/** Decisions that have no line of their own are summed up this often. */
const SUM_EVERY_MS = 60_000;

/**
 * The fourth layer: one line in the log for each decision, and no secret in it. What the visitor made up (an origin that
 * is none) is not printed either. Of those who are refused again and again there is a number, once a minute.
 */
export class Audit {
  readonly #log: Logger;
  readonly #clock: Clock;
  /** Refusals since the last sum. */
  #unlisted = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  note({ what, outcome, reason }: Decision, { requestId, origin, address }: Visitor): void {
    const shown = origin === undefined || isOrigin(origin) ? origin : '(malformed)';
    const line = { audit: what, outcome, reason, origin: shown, address, requestId };
    // Where everybody is let in anyway, only those who are not are worth a line.
    this.#log[reason === 'auth_off' ? 'debug' : 'info'](line, `${what} ${outcome}`);
  }

  /** Counts a refusal that is not worth a line of its own. */
  count(): void {
    this.#unlisted += 1;
    if (this.#unlisted > 1) return;
    this.#clock.at(this.#clock.now() + SUM_EVERY_MS, () => {
      const refusals = this.#unlisted;
      this.#unlisted = 0;
      this.#log.warn({ refusals }, 'refused without a line each: their addresses had been refused too often');
    });
  }
}
