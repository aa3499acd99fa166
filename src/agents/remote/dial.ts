import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { AgentError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';

/** An agent that has not accepted the connection by then is not there. */
const CONNECT_WITHIN_MS = 10_000;

/** One message of an agent: a minute of sound as base64 fits. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** A Retry-After that asks for more than this is not taken at its word. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/**
 * Connects to a remote agent. The socket that comes back is paused, so that nothing is missed; the caller resumes it,
 * listens, and closes it.
 *
 * @throws AgentError `agent_unavailable`: retryable for everything that may pass (no answer, 408, 429, 5xx, TLS, DNS),
 * not for what will not (401, 403, 404, other statuses). The signal's reason when aborted.
 */
export async function dial(url: string, signal: AbortSignal, clock: Clock): Promise<WebSocket> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(url, {
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
  });
  socket.on('error', (cause) => reject(unreachable(reasonOf(cause), cause))); // stays: an error later is followed by a close
  socket.once('unexpected-response', (_request, response) => reject(refusal(response, clock)));
  socket.once('open', () => {
    socket.pause();
    resolve(socket);
  });
  const aborted = () => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });
  const cancelTimeout = clock.at(clock.now() + CONNECT_WITHIN_MS, () =>
    reject(unreachable(`no answer within ${CONNECT_WITHIN_MS} ms`)),
  );
  try {
    return await promise;
  } catch (error) {
    socket.terminate();
    throw error;
  } finally {
    signal.removeEventListener('abort', aborted);
    cancelTimeout();
  }
}

function unreachable(why: string, cause?: unknown): AgentError {
  return new AgentError('agent_unavailable', `the remote agent cannot be reached: ${why}`, {
    retryable: true,
    cause,
  });
}

function refusal({ statusCode = 0, headers }: IncomingMessage, clock: Clock): AgentError {
  const retryable = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  const retryAfterMs = retryable ? parseRetryAfter(headers['retry-after'], clock.wallNow()) : undefined;
  return new AgentError('agent_unavailable', `the remote agent answered with HTTP status ${statusCode}`, {
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(retryable ? {} : { publicMessage: 'The voice agent does not accept this server.' }),
  });
}

/** Milliseconds of a Retry-After header, in seconds or as a date; undefined if it is neither. */
function parseRetryAfter(header: string | undefined, wallNowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - wallNowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** The error's code or text; its address may hold a password. */
function reasonOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? cause.name;
}
