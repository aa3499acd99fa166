import { type AppError, AuthError, LimitError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { Audit, Decision, Reason } from './audit.ts';
import type { OriginCheck } from './origin.ts';
import type { Rates } from './rates.ts';
import type { Tokens } from './token.ts';
import type { Visitor } from './visitor.ts';

/** Visitors whose check is not done yet: so many at a time, each for so long. */
const MAX_WAITING = 100;
const DECIDE_WITHIN_MS = 10_000;

/** When those should come back for whom there was no time. */
const CROWDED_RETRY_MS = 1000;

/** The layers of the door; what is undefined is switched off. */
export interface DoorParts {
  readonly auth: { readonly origins: OriginCheck; readonly tokens: Tokens } | undefined;
  readonly rates: Rates | undefined;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** What came of asking for a token. */
export type TokenAnswer =
  | { readonly outcome: 'issued'; readonly token: string; readonly origin: string }
  | { readonly outcome: 'auth_off' | 'missing_origin' | 'origin_not_allowed' }
  | { readonly outcome: 'too_many'; readonly retryAfterMs: number };

/** What speaks against a visitor. */
interface Fault {
  readonly reason: Exclude<Reason, 'ok' | 'auth_off'>;
  readonly retryAfterMs?: number;
}

/** Decides who comes in: origin, then token, then rates; and writes every decision down. */
export class Door {
  readonly #parts: DoorParts;
  #waiting = 0;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Decides about a connection; resolves with why it is refused, or with undefined. The token is what came with it. */
  async knock(visitor: Visitor, token: string | undefined): Promise<AppError | undefined> {
    const fault = await this.#inTime(() => this.#connectFault(visitor, token));
    if (fault !== undefined) return refusal(await this.#refuse('connect', fault, visitor));
    const reason = this.#parts.auth === undefined ? 'auth_off' : 'ok';
    this.#parts.audit.note({ what: 'connect', outcome: 'allowed', reason }, visitor);
    return undefined;
  }

  /** Gives a page a token, if it may have one. */
  async issueToken(visitor: Visitor): Promise<TokenAnswer> {
    const { auth, audit } = this.#parts;
    if (auth === undefined) {
      audit.note({ what: 'token', outcome: 'refused', reason: 'auth_off' }, visitor);
      return { outcome: 'auth_off' };
    }
    const found =
      originFault(auth.origins, visitor.origin) ??
      (await this.#inTime(async () => this.#parts.rates?.token(visitor)));
    if (found === undefined) {
      audit.note({ what: 'token', outcome: 'allowed', reason: 'ok' }, visitor);
      const { origin = '' } = visitor; // the check has seen to it that there is one
      return { outcome: 'issued', token: auth.tokens.issue(origin), origin };
    }
    const fault = await this.#refuse('token', found, visitor);
    if (fault.retryAfterMs !== undefined) return { outcome: 'too_many', retryAfterMs: fault.retryAfterMs };
    return { outcome: fault.reason === 'missing_origin' ? 'missing_origin' : 'origin_not_allowed' };
  }

  async #connectFault(visitor: Visitor, token: string | undefined): Promise<Fault | undefined> {
    const { auth, rates } = this.#parts;
    if (auth !== undefined) {
      const { origin = '' } = visitor;
      const reason = auth.origins.fault(visitor.origin) ?? auth.tokens.fault(token, origin);
      if (reason !== undefined) return { reason };
    }
    return rates?.connect(visitor);
  }

  /**
   * Writes a refusal down. Who is refused too often is told to come later, whatever else is wrong, and only counted.
   *
   * @returns what the visitor is told.
   */
  async #refuse(what: Decision['what'], fault: Fault, visitor: Visitor): Promise<Fault> {
    const { rates, audit } = this.#parts;
    const tooOften = await rates?.refusal(visitor);
    if (tooOften === undefined) {
      audit.note({ what, outcome: 'refused', reason: fault.reason }, visitor);
      return fault;
    }
    audit.count();
    return fault.retryAfterMs === undefined ? tooOften : fault;
  }

  /** A decision that is not waited for too long, and not with too many others. */
  async #inTime(decide: () => Promise<Fault | undefined>): Promise<Fault | undefined> {
    if (this.#waiting >= MAX_WAITING) return { reason: 'crowded', retryAfterMs: CROWDED_RETRY_MS };
    this.#waiting += 1;
    const { promise: late, resolve } = Promise.withResolvers<Fault>();
    const { clock } = this.#parts;
    const cancel = clock.at(clock.now() + DECIDE_WITHIN_MS, () =>
      resolve({ reason: 'too_slow', retryAfterMs: CROWDED_RETRY_MS }),
    );
    try {
      return await Promise.race([decide(), late]);
    } finally {
      cancel();
      this.#waiting -= 1;
    }
  }
}

function originFault(origins: OriginCheck, origin: string | undefined): Fault | undefined {
  const reason = origins.fault(origin);
  return reason === undefined ? undefined : { reason };
}

/** What the visitor is told. */
function refusal({ reason, retryAfterMs }: Fault): AppError {
  switch (reason) {
    case 'missing_origin':
    case 'malformed_origin':
    case 'unlisted_origin':
      return new AuthError('origin_not_allowed', reason);
    case 'missing_token':
      return new AuthError('token_missing', reason);
    case 'expired_token':
      return new AuthError('token_expired', reason);
    case 'malformed_token':
    case 'wrong_signature':
    case 'token_from_the_future':
      return new AuthError('token_invalid', reason);
    case 'address_rate':
    case 'origin_rate':
    case 'crowded':
    case 'too_slow':
      return new LimitError('too_many_connects', reason, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}
