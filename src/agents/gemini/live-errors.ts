import { AgentError } from '../../errors.ts';

/** What the provider says when it is the key that is wrong; no retry helps. */
const ABOUT_THE_KEY = /api[ _-]?key|unauthenticated|permission|forbidden|credential/i;

/** Close codes that mean "what you asked for is wrong". */
const REFUSALS: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008]);

/** How a connection closed, and how far it had come. */
export interface Closing {
  readonly code: number;
  /** As the provider gave it. Used to tell errors apart, and never passed on: it may quote a key. */
  readonly reason: string;
  readonly phase: 'setup' | 'resuming' | 'open';
}

/** The server answered the upgrade with an HTTP status instead. `retryAfter`: that header, if there was one. */
export function refusedError(status: number, retryAfter: string | undefined): AgentError {
  const seconds = Number(retryAfter);
  return new AgentError('agent_unavailable', `Gemini refused the connection with HTTP ${status}`, {
    retryable: status === 408 || status === 429 || status >= 500,
    ...(retryAfter !== undefined && seconds >= 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {}),
  });
}

/** The provider closed the socket, or it broke (1006). */
export function closedError({ code, reason, phase }: Closing): AgentError {
  const aboutTheKey = ABOUT_THE_KEY.test(reason);
  // A handle that is no longer known is refused like a wrong setup; without it, the next attempt can succeed.
  const wrongSetup = phase === 'setup' && REFUSALS.has(code);
  const what = aboutTheKey ? 'because of the API key' : `with ${code}`;
  return new AgentError(
    phase === 'open' ? 'agent_lost' : 'agent_unavailable',
    `Gemini closed the connection ${what}${phase === 'open' ? '' : ' before it was set up'}`,
    { retryable: !aboutTheKey && !wrongSetup },
  );
}

/** There was no connection at all: refused, no such host, TLS. Only the system's own code of it is told. */
export function unreachableError(cause: unknown): AgentError {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  const why = typeof code === 'string' ? code : 'no connection';
  return new AgentError('agent_unavailable', `Gemini cannot be reached (${why})`, { retryable: true });
}

/** The connection is there and nothing comes out of it. */
export function silentError(what: string): AgentError {
  return new AgentError('agent_lost', `Gemini: ${what}`, { retryable: true });
}
