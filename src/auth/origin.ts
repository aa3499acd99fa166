import { isOrigin } from '../protocol/origin.ts';

/** What is wrong with an origin. */
export type OriginFault = 'missing_origin' | 'malformed_origin' | 'unlisted_origin';

/** The first layer: a page may come in if its origin is on the list, letter for letter. */
export class OriginCheck {
  readonly #allowed: ReadonlySet<string>;

  /** @param allowed origins as a browser writes them; the settings see to that. */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  /** What is wrong with an `Origin` header; undefined if it is on the list. */
  fault(origin: string | undefined): OriginFault | undefined {
    if (origin === undefined || origin === '') return 'missing_origin';
    if (this.#allowed.has(origin)) return undefined;
    return isOrigin(origin) ? 'unlisted_origin' : 'malformed_origin';
  }
}
