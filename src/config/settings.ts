import { z } from 'zod';
import { SAMPLE_RATES } from '../protocol/sample-rates.ts';
import {
  choice,
  choices,
  decimal,
  flag,
  gains,
  integer,
  integerChoice,
  optionalHttpUrl,
  optionalInteger,
  optionalRedisUrl,
  optionalText,
  optionalWebSocketUrl,
  origins,
  pairs,
  text,
  trustedProxies,
} from './variables.ts';

/** The offline agent's voices. */
export const OFFLINE_VOICES = ['slt', 'rms', 'awb', 'kal', 'kal16'] as const;

/** What can move the face. */
export const FACE_ENGINES = ['auto', 'wav2arkit', 'loudness', 'off'] as const;

/** What can be brought to life besides the mouth. */
export const LIVELY_GROUPS = ['blink', 'brow', 'squint', 'smile', 'asymmetry', 'gaze'] as const;

/** Frame rates a face can be sent at. */
export const FRAME_RATES = [24, 25, 30, 50, 60] as const;

/**
 * Every setting, by group, with its kind, default and description: the one place that knows them. The README's tables
 * and `.env.example` are checked against it.
 */
export const SETTING_GROUPS = {
  Agent: {
    AGENT_TYPE: optionalText().describe(
      'Who answers: sample_openai, sample_gemini, remote, sample_offline, or a module of yours (./my-agent.ts, or a package). Unset: sample_openai if OPENAI_API_KEY is set, else sample_gemini if GEMINI_API_KEY is set, else sample_offline',
    ),
    AGENT_URL: optionalWebSocketUrl().describe('WebSocket address of the remote agent'),
    ASSISTANT_INSTRUCTIONS: text(
      'You are a helpful and friendly AI assistant. Be concise in your responses.',
    ).describe('System prompt of the assistant'),
    KNOWLEDGE_BASE_SOURCE: optionalText().describe(
      'http(s) address or file of text the assistant answers from (at most 1 MiB)',
    ),
    TOOLS_FILE: optionalText().describe('JSON file of the tools the agent may call (docs/tools.md)'),
  },
  'Offline agent': {
    OFFLINE_VOICE: choice(OFFLINE_VOICES, 'slt').describe('Voice: slt, rms, awb, kal, kal16'),
  },
  OpenAI: {
    OPENAI_API_KEY: optionalText().describe('API key; needed by sample_openai'),
    OPENAI_BASE_URL: optionalHttpUrl().describe('Another address of the API'),
    OPENAI_MODEL: text('gpt-realtime').describe('Realtime model'),
    OPENAI_VOICE: choice(
      ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
      'alloy',
    ).describe('Voice: alloy, ash, ballad, coral, echo, sage, shimmer, verse, marin, cedar'),
    OPENAI_VOICE_SPEED: decimal(1.2, 0.25, 1.5).describe('Speed of the voice, 0.25 to 1.5; 1 is normal'),
    OPENAI_TRANSCRIPT_SPEED: decimal(15, 1, 100).describe('Estimated characters a second of its speech'),
    OPENAI_TRANSCRIPTION_MODEL: text('gpt-4o-transcribe').describe(
      'Model that writes down what the user says',
    ),
    OPENAI_TRANSCRIPTION_LANGUAGE: text('en').describe('Language the user speaks (ISO 639-1)'),
    OPENAI_VAD_TYPE: choice(['server_vad', 'semantic_vad'], 'semantic_vad').describe(
      'How the end of speech is found: server_vad, semantic_vad',
    ),
    OPENAI_VAD_THRESHOLD: decimal(0.9, 0, 1).describe('server_vad: 0 to 1, higher is less sensitive'),
    OPENAI_VAD_SILENCE_DURATION_MS: integer(500, 0, 10_000).describe(
      'server_vad: silence that ends a turn (ms)',
    ),
    OPENAI_VAD_PREFIX_PADDING_MS: integer(300, 0, 10_000).describe(
      'server_vad: sound kept before speech (ms)',
    ),
    OPENAI_NOISE_REDUCTION: choice(['near_field', 'far_field', 'off'], 'near_field').describe(
      'near_field, far_field, or off (also when set to nothing)',
    ),
  },
  Gemini: {
    GEMINI_API_KEY: optionalText().describe('API key; needed by sample_gemini'),
    GOOGLE_GEMINI_BASE_URL: optionalHttpUrl().describe('Another address of the API'),
    GEMINI_MODEL: text('gemini-2.5-flash-native-audio-preview-12-2025').describe('Live model'),
    GEMINI_VOICE: choice(
      ['Puck', 'Charon', 'Kore', 'Fenrir', 'Aoede', 'Leda', 'Orus', 'Zephyr'],
      'Leda',
    ).describe('Voice: Puck, Charon, Kore, Fenrir, Aoede, Leda, Orus, Zephyr'),
    GEMINI_API_VERSION: text('v1alpha').describe('Version of the API'),
    GEMINI_THINKING_BUDGET: integer(-1, -1, 32_768).describe(
      'Thinking tokens: 0 none, -1 as it likes, or a number',
    ),
    GEMINI_GOOGLE_SEARCH_GROUNDING: flag(false).describe('Let it search with Google'),
    GEMINI_PROACTIVE_AUDIO: flag(false).describe('Let it keep silent when it has nothing to say'),
    GEMINI_CONTEXT_WINDOW_COMPRESSION: flag(true).describe('Compress the context, for long sessions'),
    GEMINI_INPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 16_000).describe('Hz of the sound sent to it'),
    GEMINI_OUTPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 24_000).describe('Hz of the sound it sends'),
    GEMINI_TRANSCRIPT_SPEED: decimal(15, 1, 100).describe('Estimated characters a second of its speech'),
    GEMINI_VAD_START_SENSITIVITY: choice(
      ['START_SENSITIVITY_LOW', 'START_SENSITIVITY_HIGH', 'START_SENSITIVITY_UNSPECIFIED'],
      'START_SENSITIVITY_LOW',
    ).describe('How readily speech is noticed'),
    GEMINI_VAD_END_SENSITIVITY: choice(
      ['END_SENSITIVITY_LOW', 'END_SENSITIVITY_HIGH', 'END_SENSITIVITY_UNSPECIFIED'],
      'END_SENSITIVITY_LOW',
    ).describe('How readily its end is noticed'),
    GEMINI_TURN_COVERAGE: choice(
      ['TURN_INCLUDES_ALL_INPUT', 'TURN_INCLUDES_ONLY_ACTIVITY', 'TURN_COVERAGE_UNSPECIFIED'],
      'TURN_INCLUDES_ALL_INPUT',
    ).describe('What of the sound belongs to a turn'),
  },
  Face: {
    FACE_ENGINE: choice(FACE_ENGINES, 'auto').describe(
      'Who moves the face: auto (wav2arkit if its file is there, else loudness), wav2arkit, loudness, off (sound alone, as audio_chunk)',
    ),
    ONNX_MODEL_PATH: text('./pretrained_models/wav2arkit_cpu.onnx').describe('The full-size face model'),
    FACE_IDENTITY: integer(11, 0, 11).describe('Speaking style, for models that take one: 0 to 11'),
    FACE_PROCESSES: optionalInteger(1, 64).describe('Inference processes; unset: measured at the start'),
    FACE_THREADS: optionalInteger(1, 64).describe('Threads of each; unset: measured at the start'),
    FACE_ADMISSION: flag(true).describe(
      'Give answers beyond the measured capacity the plainer face from their start',
    ),
    FACE_HOLD_BACK_FRAMES: integer(3, 0, 6).describe(
      'Frames of a window that are made again with their future',
    ),
    FACE_SILENCE_DBFS: decimal(-50, -80, -20).describe('Below this loudness the mouth closes'),
    FACE_SMOOTHING: flag(true).describe('Smooth jitter away'),
    FACE_SYMMETRY: flag(true).describe('Move left and right alike'),
    FACE_CLOSURE_SHARPENING: decimal(1, 0, 1).describe('How far lips are helped to close at p, b, m: 0 to 1'),
    FACE_INTENSITY: decimal(1, 0, 4).describe(
      'How far the mouth opens: 1 as the model says, 1.5 half as far again',
    ),
    FACE_GAINS: gains().describe(
      'Weights to change: name=gain or name=gain+offset, comma-separated (mouthSmileLeft=1+0.1)',
    ),
    FACE_LIVELINESS: choices(LIVELY_GROUPS, ['brow', 'squint', 'smile', 'asymmetry']).describe(
      'What moves besides the mouth: blink, brow, squint, smile, asymmetry, gaze, comma-separated; none for nothing (the widget makes blink and gaze itself)',
    ),
    FACE_SMILE: decimal(0.15, 0, 1).describe('The smile under speech'),
    FACE_SEED: integer(1, 0, 2_147_483_647).describe('The same seed moves alike'),
    WAV2ARKIT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 16_000).describe('Hz the face model listens at'),
    BLENDSHAPE_FPS: integerChoice(FRAME_RATES, 30).describe('Frames a second: 24, 25, 30, 50, 60'),
    AUDIO_CHUNK_DURATION: decimal(0.5, 0.05, 5).describe('Seconds of sound the face model takes at a time'),
  },
  Sound: {
    INPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 24_000).describe(
      "Hz the client's microphone is asked for",
    ),
    OUTPUT_SAMPLE_RATE: integerChoice(SAMPLE_RATES, 24_000).describe('Hz of the sound sent to the client'),
    PLAYOUT_LEAD_MS: integer(400, 0, 5000).describe('How far frames run ahead of real time (ms)'),
    TRANSCRIPT_CHARS_PER_SECOND: decimal(16, 1, 100).describe(
      'Estimated characters a second, for words whose sound is not there yet',
    ),
  },
  Server: {
    SERVER_HOST: text('0.0.0.0').describe('Address to listen on'),
    SERVER_PORT: integer(8080, 0, 65_535).describe('Port to listen on; 0 picks a free one'),
    MAX_SESSIONS: integer(1000, 1, 100_000).describe('Conversations at a time; one more is refused'),
    TRUST_PROXY: trustedProxies().describe(
      'Whose X-Forwarded-For to believe: false, true (only if nobody can reach the server but through the proxy), the number of proxies, or their addresses and networks, comma-separated (docs/auth.md)',
    ),
    REDIS_URL: optionalRedisUrl().describe(
      'Redis that all nodes share: one budget for rate limits, and how much room each has (redis://user:password@host:6379/0)',
    ),
    MAX_SESSIONS_PER_ORIGIN: optionalInteger(1, 100_000).describe(
      'The same for pages of one origin; unset: no limit',
    ),
    MAX_SESSIONS_PER_ADDRESS: optionalInteger(1, 100_000).describe(
      'The same for one network address (of IPv6, one /64); unset: no limit',
    ),
    IDLE_TIMEOUT_SECONDS: integer(90, 0, 86_400).describe(
      'A client that sends nothing for so long, not even a ping, is closed with 4409; 0: never',
    ),
    MAX_SESSION_SECONDS: optionalInteger(1, 31_536_000).describe(
      'A conversation this old is closed with 4410, at the end of a running answer; unset: never',
    ),
    MAX_MEMORY_MB: optionalInteger(64, 16_777_216).describe(
      'Newcomers are refused above 85 % of so many MiB; unset: of what the container or the machine has',
    ),
    MAX_LOOP_DELAY_MS: integer(100, 0, 10_000).describe(
      'Newcomers are refused while the event loop is later than this for 5 s (99th percentile); 0: never',
    ),
    DRAIN_SECONDS: integer(10, 0, 3600).describe('How long running answers may go on after SIGTERM'),
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
    DEBUG_AUDIO_CAPTURE_DIR: text('./audio_captures').describe('Folder for them'),
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
    AUTH_SECRET_KEY: optionalText().describe('Key that signs tokens; unset: made at each start'),
    AUTH_TOKEN_TTL: integer(3600, 1, 31_536_000).describe('Seconds a token is good for'),
    AUTH_ALLOWED_ORIGINS: origins([
      'http://localhost:5173',
      'http://localhost:5174',
      'http://localhost:5175',
    ]).describe('Origins of the pages that may come in, letter for letter, comma-separated'),
  },
  'Rate limits': {
    AUTH_ENABLE_RATE_LIMITING: flag(true).describe(
      'Limit how often one may connect or ask for a token, with authentication or without',
    ),
    RATE_LIMIT_ORIGIN_BURST: integer(100, 1, 1_000_000).describe('Connects of one origin at once'),
    RATE_LIMIT_ORIGIN_PER_SECOND: decimal(10, 0.01, 1000).describe('and then so many a second'),
    RATE_LIMIT_ADDRESS_BURST: integer(60, 1, 1_000_000).describe(
      'Connects from one network address (of IPv6, a /64) at once; an office or a school may share one',
    ),
    RATE_LIMIT_ADDRESS_PER_SECOND: decimal(2, 0.01, 1000).describe('and then so many a second'),
    RATE_LIMIT_TOKEN_BURST: integer(60, 1, 1_000_000).describe('Token requests from one address at once'),
    RATE_LIMIT_TOKEN_PER_SECOND: decimal(2, 0.01, 1000).describe('and then so many a second'),
  },
} as const;

/** The schema of the whole environment, flat. */
export const SETTINGS_SCHEMA = z.object({
  ...SETTING_GROUPS.Agent,
  ...SETTING_GROUPS['Offline agent'],
  ...SETTING_GROUPS.OpenAI,
  ...SETTING_GROUPS.Gemini,
  ...SETTING_GROUPS.Face,
  ...SETTING_GROUPS.Sound,
  ...SETTING_GROUPS.Server,
  ...SETTING_GROUPS.Observability,
  ...SETTING_GROUPS.Authentication,
  ...SETTING_GROUPS['Rate limits'],
});

/** Every setting by its documented name, checked. */
export type Settings = z.output<typeof SETTINGS_SCHEMA>;

/** The name of a setting. */
export type SettingName = keyof Settings;

/** Settings whose text may hold a '#': no inline comment is cut off them, and nothing of them is ever printed. */
export const FREE_TEXT_SETTINGS: ReadonlySet<string> = new Set<SettingName>([
  'ASSISTANT_INSTRUCTIONS',
  'KNOWLEDGE_BASE_SOURCE',
  'AGENT_URL',
  'TOOLS_FILE',
  'OPENAI_BASE_URL',
  'GOOGLE_GEMINI_BASE_URL',
  'OPENAI_API_KEY',
  'GEMINI_API_KEY',
  'AUTH_SECRET_KEY',
  'REDIS_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
]);
