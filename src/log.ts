import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** The structured logger; children carry the ids of what they speak for. */
export type Logger = PinoLogger;

/** Fields that are never printed, wherever they stand. The rule is not to log them at all; this is the second lock. */
const SECRET_FIELDS = [
  'token',
  'secret',
  'apiKey',
  'authorization',
  'text',
  'pcm',
  'audio',
  'data',
  'instructions',
];

/** How far an error's chain of causes is told. */
const MAX_CAUSES = 5;

/** How to log. */
export interface LogOptions {
  readonly debug: boolean;
  /** Readable lines for a terminal instead of JSON. */
  readonly pretty: boolean;
  /** Where JSON lines go instead of standard output. */
  readonly to?: DestinationStream;
}

/** The process's logger, on standard output. Made once, by main.ts. */
export function createLogger({ debug, pretty, to }: LogOptions): Logger {
  const options = {
    level: debug ? 'debug' : 'info',
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    serializers: {
      err: (thrown: unknown) => errorFields(thrown),
      // The web framework logs requests that failed; their addresses hold tokens.
      req: ({ method }: { readonly method?: string }) => ({ method }),
    },
  };
  if (!pretty) return to === undefined ? pino(options) : pino(options, to);
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', sync: true },
    },
  });
}

/** A logger that says nothing, for tests and tools. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/**
 * What is told of an error: its kind, code, message and stack, and the same of its causes. Not the other fields that
 * libraries hang on their errors (requests with their headers, responses with their bodies), and not the message of a
 * SyntaxError, which quotes what could not be read.
 */
function errorFields(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  const { code } = thrown as { readonly code?: unknown };
  return {
    type: thrown.name,
    message: thrown instanceof SyntaxError ? 'could not be read' : thrown.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    // The lines that say where; what comes before them is the message again.
    stack: (thrown.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(thrown.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: errorFields(thrown.cause, depth + 1) }),
  };
}
