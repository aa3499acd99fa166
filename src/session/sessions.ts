import type { Visitor } from '../auth/visitor.ts';
import { LimitError } from '../errors.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { Outbox, type Transport } from './outbox.ts';
import { Session } from './session.ts';
import type { SessionSettings } from './session-settings.ts';

/** When a full server should be asked again, unless it knows better. */
const FULL_RETRY_MS = 5000;
const DRAIN_RETRY_MS = 1000;

/** Admission and the common end of all sessions of a server. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #maxSessions: number;
  readonly #fullRetryMs: () => number;
  readonly #open = new Set<Session>();
  #draining = false;

  /** @param fullRetryMs when a client whom a full server refuses should come again. */
  constructor(
    settings: SessionSettings,
    maxSessions: number,
    fullRetryMs: () => number = () => FULL_RETRY_MS,
  ) {
    this.#settings = settings;
    this.#maxSessions = maxSessions;
    this.#fullRetryMs = fullRetryMs;
  }

  /** How many sessions are open. */
  get count(): number {
    return this.#open.size;
  }

  /** Whether nobody is admitted any more. */
  get draining(): boolean {
    return this.#draining;
  }

  /** How many of them are speaking. */
  get speaking(): number {
    return [...this.#open].filter((session) => session.speaking).length;
  }

  /**
   * Opens a session on a socket, or refuses it: an `error`, then close 1013 (a refused upgrade would hang the widget).
   * The caller hands on what the client sends and calls {@link end} when the socket has closed.
   */
  admit(transport: Transport, visitor: Visitor): Session | undefined {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      new Outbox(transport, this.#settings.clock).sendError(refusal);
      transport.close(CLOSE.tryLater);
      this.#settings.observer?.refused(refusal.code);
      return undefined;
    }
    const log = this.#settings.log.child({ requestId: visitor.requestId });
    const session = new Session(transport, { ...this.#settings, log, requestId: visitor.requestId });
    this.#open.add(session);
    return session;
  }

  /** The session's socket has closed. Resolves when nothing of it is left. */
  async end(session: Session): Promise<void> {
    this.#open.delete(session);
    await session.close();
  }

  /** Admits nobody any more; ends idle sessions at once, the others after their answer, at the latest after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const done = new AbortController();
    const grace = this.#settings.clock.sleep(graceMs, done.signal).catch(() => undefined); // all were quiet before
    const closing = [...this.#open].map(async (session) => {
      await Promise.race([session.quiet(), grace]);
      await session.close(CLOSE.goingAway);
    });
    await Promise.all(closing);
    done.abort();
  }

  #refusal(): LimitError | undefined {
    if (this.#draining) return new LimitError('draining', 'draining', { retryAfterMs: DRAIN_RETRY_MS });
    if (this.#open.size < this.#maxSessions) return undefined;
    return new LimitError('too_many_sessions', 'server is full', { retryAfterMs: this.#fullRetryMs() });
  }
}
