import { addressKey } from '../auth/address-key.ts';
import type { Visitor } from '../auth/visitor.ts';
import type { ErrorCode } from '../errors.ts';

/** An origin is counted by this much of it; it is whatever the client wrote. */
const MAX_ORIGIN_CHARS = 256;

/** How many conversations there may be at a time. */
export interface HeadcountLimits {
  readonly all: number;
  /** From pages of one origin; undefined for no limit. Clients that name no origin are not counted here. */
  readonly perOrigin?: number | undefined;
  /** From one network address (of IPv6: from one /64); undefined for no limit. */
  readonly perAddress?: number | undefined;
}

/** Why there is no room. */
export type NoRoom = Extract<ErrorCode, 'too_many_sessions' | 'too_many_of_origin' | 'too_many_of_address'>;

/** Counts the conversations that are open, by where they come from. Holds no more keys than there are conversations. */
export class Headcount {
  readonly #limits: HeadcountLimits;
  readonly #byKey = new Map<string, number>();
  #all = 0;

  constructor(limits: HeadcountLimits) {
    this.#limits = limits;
  }

  /** How many are in. */
  get all(): number {
    return this.#all;
  }

  /** Whether nobody more fits in. */
  get full(): boolean {
    return this.#all >= this.#limits.all;
  }

  /** How many keys are counted: 0 when nobody is in. */
  get keys(): number {
    return this.#byKey.size;
  }

  /** Lets somebody in: returns what to call when they leave (twice is once), or why there is no room. */
  enter(visitor: Visitor): (() => void) | NoRoom {
    const { perOrigin = Number.POSITIVE_INFINITY, perAddress = Number.POSITIVE_INFINITY } = this.#limits;
    const address = `address ${addressKey(visitor.address)}`;
    const origin =
      visitor.origin === undefined ? undefined : `origin ${visitor.origin.slice(0, MAX_ORIGIN_CHARS)}`;
    if (this.full) return 'too_many_sessions';
    if (this.#count(address) >= perAddress) return 'too_many_of_address';
    if (origin !== undefined && this.#count(origin) >= perOrigin) return 'too_many_of_origin';

    const keys = origin === undefined ? [address] : [address, origin];
    this.#all += 1;
    for (const key of keys) this.#byKey.set(key, this.#count(key) + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#all -= 1;
      for (const key of keys) this.#leave(key);
    };
  }

  #count(key: string): number {
    return this.#byKey.get(key) ?? 0;
  }

  #leave(key: string): void {
    const left = this.#count(key) - 1;
    if (left > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
  }
}
