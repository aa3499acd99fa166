import { optionalHttpUrl, optionalRedisUrl } from './addresses.ts';
import { optionalSecretKey } from './secret-key.ts';
import {
  decimal,
  flag,
  integer,
  optionalInteger,
  optionalText,
  origins,
  pairs,
  text,
  trustedProxies,
} from './variables.ts';

/** The server itself: its doors, its limits and what it tells, by group. */
export const SERVER_SETTINGS = {
  Server: {
    SERVER_HOST: text('0.0.0.0').describe('Address to listen on'),
    SERVER_PORT: integer(8080, 0, 65_535).describe('Port to listen on; 0 picks a free one'),
    MAX_SESSIONS: integer(1000, 1, 100_000).describe('Conversations at a time; one more is refused'),
    MAX_SESSIONS_PER_ORIGIN: optionalInteger(1, 100_000).describe(
      'Conversations at a time with pages of one origin; unset: no limit',
    ),
    MAX_SESSIONS_PER_ADDRESS: optionalInteger(1, 100_000).describe(
      'Conversations at a time from one network address (of IPv6, one /64); unset: no limit',
    ),
    TRUST_PROXY: trustedProxies().describe(
      'Whose X-Forwarded-For to believe: false, true (only if nobody can reach the server but through the proxy), the number of proxies, or their addresses and networks, comma-separated (docs/auth.md)',
    ),
    REDIS_URL: optionalRedisUrl().describe(
      'Redis that all nodes share: one budget for rate limits, and how much room each has (redis://user:password@host:6379/0)',
    ),
    IDLE_TIMEOUT_SECONDS: integer(90, 0, 86_400).describe(
      'A client that sends nothing for so long, not even a ping, is closed with 4409; 0: never. An open page pings by itself, so this finds pages that are frozen or gone; to end conversations that nobody uses, set MAX_SESSION_SECONDS',
    ),
    MAX_SESSION_SECONDS: optionalInteger(1, 31_536_000).describe(
      'A conversation this old is closed with 4410, once what was asked before has been answered; unset: never',
    ),
    MAX_MEMORY_MB: optionalInteger(64, 16_777_216).describe(
      'Newcomers are refused above 85 % of so many MiB; unset: of what the container or the machine has',
    ),
    MAX_LOOP_DELAY_MS: integer(100, 0, 10_000).describe(
      'Newcomers are refused while the event loop is later than this for 5 s (99th percentile); 0: never',
    ),
    DRAIN_SECONDS: integer(10, 0, 3600).describe(
      'How long answers to what was asked before may go on after SIGTERM (s)',
    ),
    USE_SSL: flag(false).describe('Serve https:// and wss:// (needs SSL_CERT_FILE and SSL_KEY_FILE)'),
    SSL_CERT_FILE: optionalText().describe(
      'Certificate with its chain (PEM); read again when it changes, like the key',
    ),
    SSL_KEY_FILE: optionalText().describe('Its private key (PEM, without a passphrase)'),
    SSL_HSTS_SECONDS: integer(0, 0, 63_072_000).describe(
      'Tell browsers to use nothing but https for so long (Strict-Transport-Security); 0: do not',
    ),
    DEBUG: flag(false).describe('Log more, and show more in /info'),
  },
  Observability: {
    DEBUG_AUDIO_CAPTURE: flag(false).describe(
      'Write the sound of both sides of every conversation to WAV files (docs/operations.md)',
    ),
    DEBUG_AUDIO_CAPTURE_DIR: text('./audio_captures').describe(
      'Folder for them, which the server can write to',
    ),
    DEBUG_AUDIO_CAPTURE_MAX_MB: integer(1000, 1, 1_000_000).describe(
      'Megabytes the folder may hold; one file may take a tenth; nothing is deleted',
    ),
    OTEL_EXPORTER_OTLP_ENDPOINT: optionalHttpUrl().describe(
      'OpenTelemetry collector (OTLP over HTTP) that gets a trace of each answer, at /v1/traces under it',
    ),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optionalHttpUrl().describe('The same, the whole address'),
    OTEL_EXPORTER_OTLP_HEADERS: pairs().describe('Headers for it: name=value, comma-separated'),
    OTEL_SERVICE_NAME: text('avatar-chat-server').describe("This server's name in traces"),
  },
  Authentication: {
    AUTH_ENABLED: flag(false).describe('Ask for a token on every connection'),
    AUTH_SECRET_KEY: optionalSecretKey().describe(
      'Key that signs tokens: the output of `openssl rand -hex 32`, the same on every node, without quotes or a comment on its line; unset: made at each start',
    ),
    AUTH_TOKEN_TTL: integer(3600, 1, 31_536_000).describe('Seconds a token is good for'),
    AUTH_ALLOWED_ORIGINS: origins([
      'http://localhost:5173',
      'http://localhost:5174',
      'http://localhost:5175',
    ]).describe(
      "Origins of the pages that may come in, letter for letter, comma-separated; AUTH_ENABLED alone lets in those of the default and not even this server's own page",
    ),
  },
  'Rate limits': {
    AUTH_ENABLE_RATE_LIMITING: flag(true).describe(
      'Limit how often one may connect or ask for a token, with authentication or without',
    ),
    RATE_LIMIT_ORIGIN_BURST: integer(100, 1, 1_000_000).describe(
      'How many connections pages of one origin may open at once',
    ),
    RATE_LIMIT_ORIGIN_PER_SECOND: decimal(10, 0.01, 1000).describe(
      'How many more each second, once RATE_LIMIT_ORIGIN_BURST is used up',
    ),
    RATE_LIMIT_ADDRESS_BURST: integer(60, 1, 1_000_000).describe(
      'How many connections one network address (of IPv6, a /64) may open at once; an office or a school may share one',
    ),
    RATE_LIMIT_ADDRESS_PER_SECOND: decimal(2, 0.01, 1000).describe(
      'How many more each second, once RATE_LIMIT_ADDRESS_BURST is used up',
    ),
    RATE_LIMIT_TOKEN_BURST: integer(60, 1, 1_000_000).describe(
      'How many tokens one network address may ask for at once',
    ),
    RATE_LIMIT_TOKEN_PER_SECOND: decimal(2, 0.01, 1000).describe(
      'How many more each second, once RATE_LIMIT_TOKEN_BURST is used up',
    ),
  },
} as const;
