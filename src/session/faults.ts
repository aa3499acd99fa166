import { type AppError, ProtocolError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { CLOSE, type CloseReason, closeFor } from '../protocol/close-codes.ts';
import type { Observe } from './observer.ts';
import type { Outbox } from './outbox.ts';

/** What {@link Faults} needs. */
export interface FaultsOptions {
  readonly log: Logger;
  readonly outbox: Outbox;
  readonly observe: Observe;
  /** Aborts when the conversation is over; what fails then is nobody's business any more. */
  readonly signal: AbortSignal;
  /** Ends the conversation. */
  readonly close: (reason: CloseReason) => void;
}

/** What goes wrong in one conversation: its client is told, the log and whoever watches too. Owned by the session. */
export class Faults {
  readonly #options: FaultsOptions;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** Tells of an error, and ends the conversation if it is one of those that end it. */
  report(error: AppError): void {
    const { log, outbox, observe, signal, close } = this.#options;
    if (signal.aborted) return;
    const level = error instanceof ProtocolError ? 'debug' : 'warn';
    log[level]({ code: error.code, err: error.cause ?? error }, 'session fault');
    observe({ type: 'fault', code: error.code });
    outbox.sendError(error);
    const reason = closeFor(error.code);
    if (reason !== undefined) close(reason);
  }

  /** Does some work of ours; a fault in it ends this conversation, and no other. */
  guard(work: () => void): void {
    const { log, outbox, observe, close } = this.#options;
    try {
      work();
    } catch (error) {
      log.error({ err: error }, 'unexpected fault');
      observe({ type: 'fault', code: 'internal' });
      outbox.sendError(error);
      close(CLOSE.internal);
    }
  }
}
