import type { Logger } from '../log.ts';
import { isOrigin } from '../protocol/origin.ts';
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

/**
 * The fourth layer: one line in the log for each decision, and no secret in it. What the visitor made up (an origin that
 * is none) is not printed either.
 */
export class Audit {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  note({ what, outcome, reason }: Decision, { requestId, origin, address }: Visitor): void {
    const shown = origin === undefined || isOrigin(origin) ? origin : '(malformed)';
    const line = { audit: what, outcome, reason, origin: shown, address, requestId };
    // Where everybody is let in anyway, only those who are not are worth a line.
    this.#log[reason === 'auth_off' ? 'debug' : 'info'](line, `${what} ${outcome}`);
  }
}
