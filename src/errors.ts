/**
 * Every stable error code a client or an operator can meet, with what it means.
 * `docs/errors.md` prints this table; a test holds the two equal.
 */
export const ERROR_CODES = {
  invalid_config: 'The settings are wrong; the server does not start (exit 78).',
  not_json: 'The message is not valid JSON.',
  invalid_message: 'The message is not an object, or a field is missing or of the wrong type.',
  unknown_type: 'The message has a `type` this server does not know.',
  invalid_audio: 'The sound is not strict base64, is empty, or has an odd number of bytes.',
  invalid_image: 'The picture is not a JPEG, PNG or WebP, not what it was called, or too large.',
  message_too_large: 'The message is 64 KiB or larger (a picture: 1 MiB).',
  text_too_long: 'The text has more than 4,000 characters.',
  rate_limited: 'Too many messages (or more than twice real-time sound); `retryAfterMs` says when to go on.',
  too_many_sessions:
    'The server is full; `retryAfterMs` says when to try again. The socket closes with 1013.',
  too_many_connects:
    'Too many connections from this page or this network address in a short time; `retryAfterMs` says when to try again. The socket closes with 1013.',
  origin_not_allowed:
    'The page that connects is not on the list (`AUTH_ALLOWED_ORIGINS`). The socket closes with 1008.',
  token_missing: 'The connection came without a token (`?token=`). The socket closes with 1008.',
  token_invalid:
    'The token was not made by this server for this page. The socket closes with 1008; a new token helps.',
  token_expired: 'The token is too old. The socket closes with 1008; a new token helps.',
  too_many_of_origin:
    'Too many conversations from pages of this origin; `retryAfterMs` says when to try again. The socket closes with 1013.',
  too_many_of_address:
    'Too many conversations from this network address; `retryAfterMs` says when to try again. The socket closes with 1013.',
  overloaded:
    'The server has as much to do as it can; `retryAfterMs` says when to try again. The socket closes with 1013.',
  session_idle: 'Nothing was heard from the client for too long. The socket closes with 4409.',
  session_expired: 'The conversation has reached its maximum age. The socket closes with 4410.',
  draining: 'The server is shutting down. The socket closes with 1013.',
  agent_unavailable:
    'The voice agent cannot be reached. The server keeps trying, unless it was refused for good (a wrong key).',
  agent_lost:
    'The connection to the voice agent broke; what it had said is played out, the server reconnects.',
  agent_failed: 'The voice agent failed while answering; the turn ends with what was said.',
  agent_cannot_see: 'The voice agent that is live takes no pictures.',
  agent_overflow: 'The voice agent sent far more sound than can be held; the turn ends with what is held.',
  face_failed: 'The face animator failed; the turn goes on with a plainer face.',
  model_unusable: 'The face model on disk cannot be used; the server speaks with the next face.',
  internal: 'An unexpected fault in the server; only this session is affected.',
} as const;

/** A stable error code: one key of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What an {@link AppError} can carry besides its message. */
export interface AppErrorOptions {
  /** Text that may be shown to a client. Defaults to the meaning of the code. */
  readonly publicMessage?: string;
  /** Whether trying the same again later can succeed. Defaults to false. */
  readonly retryable?: boolean;
  /** Milliseconds after which a retry makes sense. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one base of this server's errors: a stable `code`, and a text that is safe to show. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.publicMessage = options.publicMessage ?? ERROR_CODES[code];
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The settings are wrong. Lists every problem at once; the process exits with 78. */
export class ConfigError extends AppError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('invalid_config', `The settings are wrong:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The client sent something wrong. It is told; the session lives on. */
export class ProtocolError extends AppError {}

/** A limit was reached; `retryAfterMs` says when to come back. */
export class LimitError extends AppError {}

/** Who knocks may not come in: the page or its token is wrong. */
export class AuthError extends AppError {}

/** The voice agent failed. `retryable` says whether reopening it can help. */
export class AgentError extends AppError {}

/** The face animator failed. Never ends a session: sound goes on with a plainer face. */
export class InferenceError extends AppError {}

/** Turns anything thrown into an {@link AppError}; an unknown thing becomes `internal`, its text kept private. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { cause: thrown });
}
