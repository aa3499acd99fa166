import { AgentError } from '../../errors.ts';
import { objectIn, textIn, type Wire } from './wire.ts';

/** Codes and types of errors that the same key, model and settings will meet again. */
const PERMANENT = new Set([
  'invalid_api_key',
  'authentication_error',
  'permission_error',
  'permission_denied',
  'account_deactivated',
  'unsupported_country_region_territory',
  'model_not_found',
  'invalid_model',
  'beta_api_shape_disabled',
]);

/** WebSocket close codes by which a server says "not you": policy, unauthorized, forbidden. */
const PERMANENT_CLOSES = new Set([1008, 3000, 3003]);

/** An `error` event's facts: codes only, never its message, which may quote a key or a conversation. */
export interface ProviderFault {
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly param: string | undefined;
  /** The client's event that it is about, if it says so. */
  readonly eventId: string | undefined;
}

/** Reads an `error` event, whatever shape it has. */
export function readFault(event: Wire): ProviderFault {
  const error = objectIn(event, 'error');
  return {
    type: textIn(error, 'type'),
    code: textIn(error, 'code'),
    param: textIn(error, 'param'),
    eventId: textIn(error, 'event_id'),
  };
}

/** Whether trying again can help. */
export function isPermanent(fault: ProviderFault): boolean {
  return PERMANENT.has(fault.code ?? '') || PERMANENT.has(fault.type ?? '');
}

/** Whether the conversation ends with this error, though the socket may not have closed yet. */
export function endsSession(fault: ProviderFault): boolean {
  return isPermanent(fault) || fault.code === 'session_expired';
}

/** The handshake was answered with an HTTP status. 408, 409, 425, 429 and 5xx may pass; others will not. */
export function refused(status: number, retryAfter: string | undefined, wallNow: number): AgentError {
  const retryAfterMs = parseRetryAfter(retryAfter, wallNow);
  return new AgentError('agent_unavailable', `OpenAI refused the connection with status ${status}`, {
    retryable: [408, 409, 425, 429].includes(status) || status >= 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The network did not let it through: refused, reset, no such name, TLS. */
export function unreachable(cause: unknown): AgentError {
  return new AgentError('agent_unavailable', 'OpenAI cannot be reached', { retryable: true, cause });
}

/** The connection closed; `fault` is the last error the server told of. */
export function closed(code: number, fault: ProviderFault | undefined, cause?: unknown): AgentError {
  const permanent = PERMANENT_CLOSES.has(code) || (fault !== undefined && isPermanent(fault));
  return new AgentError('agent_lost', `OpenAI closed the connection (${code}${described(fault)})`, {
    retryable: !permanent,
    cause,
  });
}

/** The server said that the conversation is over. */
export function sessionFault(fault: ProviderFault): AgentError {
  return new AgentError('agent_lost', `OpenAI ended the session${described(fault)}`, {
    retryable: !isPermanent(fault),
  });
}

/** The same error for a conversation that had not begun. */
export function whileOpening({ message, retryable, retryAfterMs, cause }: AgentError): AgentError {
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new AgentError('agent_unavailable', message, { retryable, cause, ...after });
}

/** An answer failed or was cut short by the provider; the conversation goes on. */
export function answerFault(why: string): AgentError {
  return new AgentError('agent_failed', `OpenAI's answer ended early: ${why}`, { retryable: true });
}

function described(fault: ProviderFault | undefined): string {
  return fault === undefined ? '' : `, ${fault.code ?? fault.type ?? 'unnamed error'}`;
}

/** Seconds or a date (RFC 9110 10.2.3), as milliseconds from now. At most an hour, that no typo parks a user for days. */
function parseRetryAfter(header: string | undefined, wallNow: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - wallNow;
  return Number.isFinite(ms) ? Math.min(3_600_000, Math.max(0, Math.ceil(ms))) : undefined;
}
