/** A token is not used any more this long before its end. */
const BEFORE_ITS_END_MS = 60_000;

/** A server that takes longer to give a token is away. */
const WITHIN_MS = 10_000;

/** What asking for a token came to. */
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string }
  /** The server gives none: it asks for none, or not from this page. */
  | { readonly kind: 'none' }
  /** It could not be asked, or not now. */
  | { readonly kind: 'later'; readonly retryAfterMs?: number };

/** A way to a token; `drop` forgets one that the server did not like. */
export interface TokenSource {
  get(signal: AbortSignal): Promise<TokenAnswer>;
  drop(): void;
}

/** Asks a server's `/api/auth/token`, as the widget does, and keeps the token until shortly before its end. */
export function serverTokens(url: URL): TokenSource {
  let kept: { readonly token: string; readonly untilMs: number } | undefined;
  return {
    get: async (signal) => {
      if (kept !== undefined && performance.now() < kept.untilMs) return { kind: 'token', token: kept.token };
      kept = undefined;
      const answer = await ask(url, signal);
      if (answer.kind !== 'token') return answer;
      kept = { token: answer.token, untilMs: performance.now() + answer.ttlMs - BEFORE_ITS_END_MS };
      return { kind: 'token', token: answer.token };
    },
    drop: () => {
      kept = undefined;
    },
  };
}

/** Tokens from a function of the page's own, which is asked for every connection. */
export function ownTokens(fetchToken: () => string | Promise<string>): TokenSource {
  return {
    get: async () => {
      try {
        return { kind: 'token', token: await fetchToken() };
      } catch {
        return { kind: 'later' };
      }
    },
    drop: () => undefined,
  };
}

type Asked =
  | Exclude<TokenAnswer, { readonly kind: 'token' }>
  | { readonly kind: 'token'; readonly token: string; readonly ttlMs: number };

async function ask(url: URL, signal: AbortSignal): Promise<Asked> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]),
    });
    if (!response.ok) {
      const isFinal = response.status >= 400 && response.status < 500 && response.status !== 429;
      if (isFinal) return { kind: 'none' };
      const seconds = Number(response.headers.get('Retry-After'));
      return seconds > 0 ? { kind: 'later', retryAfterMs: 1000 * seconds } : { kind: 'later' };
    }
    const { token, ttl } = (await response.json()) as { token?: unknown; ttl?: unknown };
    if (typeof token !== 'string' || token === '') return { kind: 'none' };
    return { kind: 'token', token, ttlMs: typeof ttl === 'number' && ttl > 0 ? 1000 * ttl : 0 };
  } catch {
    return { kind: 'later' }; // no network, no JSON, no permission (CORS): the socket will tell
  }
}
