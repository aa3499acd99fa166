/** How a connection ended. */
export interface Loss {
  /** The WebSocket close code; 1006 where there was none. */
  readonly code: number;
  /** The error the server sent last on it, if any. */
  readonly error?: { readonly code: string; readonly message: string; readonly retryAfterMs?: number };
  /** It had been good for a while. */
  readonly lasted: boolean;
}

/** What came before. */
export interface History {
  /** Losses in a row, before this one. */
  readonly failures: number;
  /** The server has already refused a fresh token. */
  readonly renewed: boolean;
}

/** What to do after a loss. */
export type AfterLoss =
  | { readonly kind: 'retry'; readonly inMs: number }
  /** Fetch a new token, then connect. */
  | { readonly kind: 'renew' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The server has closed a conversation nobody was having: connect when somebody wants to. */
  | { readonly kind: 'rest' };

/** How patient a client is; milliseconds. */
export interface Patience {
  /** The longest first wait, which doubles with every failure. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** The close code of a server that asks for a token, or refuses one (docs/protocol.md). */
export const UNAUTHORIZED = 1008;

/** Further close codes with a meaning of their own (docs/protocol.md, and the server's limits). */
const IDLE = 4409;
const EXPIRED = 4410;
const FLOODING = 4429;

/** Nobody is told to come back later than this. */
const LONGEST_RETRY_AFTER_MS = 600_000;

/** Refusals that a new token does not change. */
const FINAL_REFUSALS: readonly string[] = ['origin_not_allowed'];

/**
 * Decides what follows a loss: full-jitter exponential backoff ("Exponential Backoff And Jitter", AWS Architecture
 * Blog, 2015), unless the server or the close code says otherwise.
 *
 * @param random gives 0 to 1.
 */
export function afterLoss(loss: Loss, history: History, patience: Patience, random: () => number): AfterLoss {
  const { code, error, lasted } = loss;
  if (code === UNAUTHORIZED) {
    const isFinal = error !== undefined && FINAL_REFUSALS.includes(error.code);
    if (!isFinal && !history.renewed) return { kind: 'renew' };
    return { kind: 'refused', code: error?.code ?? 'unauthorized', message: error?.message ?? '' };
  }
  if (code === IDLE) return { kind: 'rest' };
  if (code === EXPIRED && lasted) return { kind: 'retry', inMs: 0 };
  const failures = lasted ? 0 : history.failures;
  const ceiling =
    code === FLOODING
      ? patience.longestWaitMs
      : Math.min(patience.longestWaitMs, patience.firstWaitMs * 2 ** Math.min(failures, 30));
  const asked = Math.min(LONGEST_RETRY_AFTER_MS, error?.retryAfterMs ?? 0);
  return { kind: 'retry', inMs: Math.round(asked + random() * ceiling) };
}
