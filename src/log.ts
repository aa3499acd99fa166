import { type Logger as PinoLogger, pino } from 'pino';

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

/** How to log. */
export interface LogOptions {
  readonly debug: boolean;
  /** Readable lines for a terminal instead of JSON. */
  readonly pretty: boolean;
}

/** The process's logger, on standard output. Made once, by main.ts. */
export function createLogger({ debug, pretty }: LogOptions): Logger {
  const options = {
    level: debug ? 'debug' : 'info',
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  if (!pretty) return pino(options);
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
