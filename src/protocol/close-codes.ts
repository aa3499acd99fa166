import type { ErrorCode } from '../errors.ts';

/** Why a socket is closed by this server: the WebSocket close code and its reason (under 123 bytes). */
export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

/** Every close this server starts, by name. The vendor's widget gives only 1008 a meaning of its own (auth). */
export const CLOSE = {
  normal: { code: 1000, reason: 'bye' },
  goingAway: { code: 1001, reason: 'server is shutting down' },
  notAllowed: { code: 1008, reason: 'not allowed' },
  tooLarge: { code: 1009, reason: 'message too large' },
  internal: { code: 1011, reason: 'internal error' },
  tryLater: { code: 1013, reason: 'try again later' },
  slowReader: { code: 4408, reason: 'client reads too slowly' },
  idle: { code: 4409, reason: 'nothing heard for too long' },
  flooding: { code: 4429, reason: 'far too many messages' },
  expired: { code: 4410, reason: 'maximum age reached' },
} as const satisfies Record<string, CloseReason>;

/** The close that follows an error which ends a session; undefined where the session lives on. */
export function closeFor(code: ErrorCode): CloseReason | undefined {
  switch (code) {
    case 'origin_not_allowed':
    case 'token_missing':
    case 'token_invalid':
    case 'token_expired':
      return CLOSE.notAllowed;
    case 'too_many_sessions':
    case 'too_many_connects':
    case 'too_many_of_origin':
    case 'too_many_of_address':
    case 'overloaded':
    case 'draining':
      return CLOSE.tryLater;
    case 'session_idle':
      return CLOSE.idle;
    case 'session_expired':
      return CLOSE.expired;
    case 'internal':
      return CLOSE.internal;
    default:
      return undefined;
  }
}
