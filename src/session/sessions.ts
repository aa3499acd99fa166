import type { Visitor } from '../auth/visitor.ts';
import { type ErrorCode, LimitError } from '../errors.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { Headcount, type HeadcountLimits } from './headcount.ts';
import { Lifetime } from './lifetime.ts';
import { Outbox, type Transport } from './outbox.ts';
import { Session } from './session.ts';
import type { SessionSettings } from './session-settings.ts';

/** When a server that is full, overloaded, or shutting down should be asked again. */
const FULL_RETRY_MS = 5000;
const DRAIN_RETRY_MS = 1000;

/** Draining ends so many sessions at a time, and then lets the others' frames pass. */
const DRAIN_BATCH = 100;
const DRAIN_PAUSE_MS = 20;

/** How many conversations, and how long ones. */
export interface SessionLimits {
  readonly headcount: HeadcountLimits;
  /** See {@link Lifetime}; undefined for no limit. */
  readonly idleMs?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  /** Asked for each newcomer: whether the process has as much to do as it can. */
  readonly overloaded?: () => boolean;
  /** Asked for each newcomer there is no place for: after how long to come again; left out, 5 s. */
  readonly fullRetryMs?: () => number;
}

/** Whether the server takes newcomers, and why not. */
export const READINESS = ['ready', 'draining', 'overloaded', 'full'] as const;
/** One of {@link READINESS}. */
export type Readiness = (typeof READINESS)[number];

interface Admitted {
  readonly leave: () => void;
  readonly lifetime: Lifetime;
}

/** Admission and the common end of all sessions of a server. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #limits: SessionLimits;
  readonly #headcount: Headcount;
  readonly #open = new Map<Session, Admitted>();
  #draining = false;

  constructor(settings: SessionSettings, limits: SessionLimits) {
    this.#settings = settings;
    this.#limits = limits;
    this.#headcount = new Headcount(limits.headcount);
  }

  /** How many sessions are open. */
  get count(): number {
    return this.#open.size;
  }

  /** How many of them are speaking. */
  get speaking(): number {
    return [...this.#open.keys()].filter((session) => session.speaking).length;
  }

  /** Whether a newcomer would be admitted (but for the limits of its own origin and address). */
  get readiness(): Readiness {
    if (this.#draining) return 'draining';
    if (this.#limits.overloaded?.()) return 'overloaded';
    return this.#headcount.full ? 'full' : 'ready';
  }

  /**
   * Opens a session on a socket, or refuses it: an `error`, then close 1013 (a refused upgrade would hang the widget).
   * The caller hands on what the client sends and calls {@link end} when the socket has closed.
   */
  admit(transport: Transport, visitor: Visitor): Session | undefined {
    const leave = this.#enter(visitor);
    if (typeof leave === 'string') {
      const retryAfterMs = this.#retryAfterMs(leave);
      this.#settings.log.info({ requestId: visitor.requestId, code: leave }, 'session refused');
      new Outbox(transport, this.#settings.clock).sendError(new LimitError(leave, leave, { retryAfterMs }));
      transport.close(CLOSE.tryLater);
      this.#settings.observer?.refused(leave);
      return undefined;
    }
    const session = this.#begin(transport, visitor, leave);
    const lifetime = new Lifetime({
      clock: this.#settings.clock,
      idleMs: this.#limits.idleMs,
      maxAgeMs: this.#limits.maxAgeMs,
      heardAtMs: () => transport.heardAtMs,
      speaking: () => session.speaking,
      quiet: () => session.quiet(),
      onOver: (error) => session.dismiss(error),
    });
    this.#open.set(session, { leave, lifetime });
    return session;
  }

  /** The session's socket has closed. Resolves when nothing of it is left. */
  async end(session: Session): Promise<void> {
    const admitted = this.#open.get(session);
    this.#open.delete(session);
    admitted?.lifetime.stop();
    admitted?.leave();
    await session.close();
  }

  /** Admits nobody any more; ends idle sessions at once, the others after their answer, at the latest after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const { clock } = this.#settings;
    const done = new AbortController();
    const grace = clock.sleep(graceMs, done.signal).catch(() => undefined); // all were quiet before
    const sessions = [...this.#open.keys()];
    const closing: Promise<void>[] = [];
    while (sessions.length > 0) {
      const batch = sessions.splice(0, DRAIN_BATCH);
      closing.push(
        ...batch.map(async (session) => {
          await Promise.race([session.quiet(), grace]);
          await session.close(CLOSE.goingAway);
        }),
      );
      if (sessions.length > 0) await clock.sleep(DRAIN_PAUSE_MS, done.signal);
    }
    await Promise.all(closing);
    done.abort();
  }

  #begin(transport: Transport, visitor: Visitor, leave: () => void): Session {
    const log = this.#settings.log.child({ requestId: visitor.requestId });
    try {
      return new Session(transport, { ...this.#settings, log, requestId: visitor.requestId });
    } catch (error) {
      leave();
      throw error;
    }
  }

  #retryAfterMs(refusal: ErrorCode): number {
    if (refusal === 'draining') return DRAIN_RETRY_MS;
    return refusal === 'too_many_sessions' ? (this.#limits.fullRetryMs?.() ?? FULL_RETRY_MS) : FULL_RETRY_MS;
  }

  #enter(visitor: Visitor): (() => void) | ErrorCode {
    if (this.#draining) return 'draining';
    if (this.#limits.overloaded?.()) return 'overloaded';
    return this.#headcount.enter(visitor);
  }
}
