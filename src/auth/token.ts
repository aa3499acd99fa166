import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../time/clock.ts';

/** What is wrong with a token. */
export type TokenFault =
  | 'missing_token'
  | 'malformed_token'
  | 'wrong_signature'
  | 'expired_token'
  | 'token_from_the_future';

/** Clocks of two nodes may differ by this much. */
const MAX_SKEW_S = 60;

/** Base64 of twelve digits, a colon, and 64 of a signature: nothing longer is looked at. */
const MAX_TOKEN_LENGTH = 104;

/** A token, decoded. Digits without leading zeros, so that one moment is written in one way. */
const TOKEN = /^(0|[1-9][0-9]{0,11}):([0-9a-f]{64})$/;

/**
 * The second layer: who holds a token was at an allowed origin not long ago. The format is the reference server's, so
 * that tokens of one are good on the other with the same secret: standard base64 of `<seconds>:<hex>`, where hex is
 * HMAC-SHA256 of `<seconds>:<origin>` with the secret's UTF-8 bytes as the key. Tokens may be used again until they expire.
 */
export class Tokens {
  readonly #secret: string;
  readonly #ttlS: number;
  readonly #clock: Clock;

  /** @param ttlS seconds a token is good for, by the wall clock. */
  constructor(secret: string, ttlS: number, clock: Clock) {
    this.#secret = secret;
    this.#ttlS = ttlS;
    this.#clock = clock;
  }

  /** A token for a page at `origin`, good from now on. */
  issue(origin: string): string {
    const seconds = String(this.#nowS());
    const signature = this.#sign(seconds, origin).toString('hex');
    return Buffer.from(`${seconds}:${signature}`).toString('base64');
  }

  /** What is wrong with a token that comes from a page at `origin`; undefined if it is good. */
  fault(token: string | undefined, origin: string): TokenFault | undefined {
    if (token === undefined || token === '') return 'missing_token';
    if (token.length > MAX_TOKEN_LENGTH) return 'malformed_token';
    const bytes = Buffer.from(token, 'base64');
    // Decoding is lenient; only the one way of writing these bytes is taken.
    if (bytes.toString('base64') !== token) return 'malformed_token';
    const [, seconds, hex] = TOKEN.exec(bytes.toString('latin1')) ?? [];
    if (seconds === undefined || hex === undefined) return 'malformed_token';
    const given = Buffer.from(hex, 'hex');
    const expected = this.#sign(seconds, origin);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong_signature';
    const ageS = this.#nowS() - Number(seconds);
    if (ageS > this.#ttlS) return 'expired_token';
    return ageS < -MAX_SKEW_S ? 'token_from_the_future' : undefined;
  }

  #sign(seconds: string, origin: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${seconds}:${origin}`).digest();
  }

  #nowS(): number {
    return Math.floor(this.#clock.wallNow() / 1000);
  }
}
