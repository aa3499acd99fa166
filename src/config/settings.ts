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
  list,
  optionalHttpUrl,
  optionalInteger,
  optionalText,
  optionalWebSocketUrl,
  text,
} from './variables.ts';

/** The offline agent's voices. */
export const OFFLINE_VOICES = ['slt', 'rms', 'awb', 'kal', 'kal16'] as const;

/** What can move the face. */
export const FACE_ENGINES = ['auto', 'wav2arkit', 'embedded', 'loudness', 'off'] as const;

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
      'Who moves the face: auto (wav2arkit if its file is there, else embedded), wav2arkit, embedded (the small model that comes with the server), loudness, off (sound alone, as audio_chunk)',
    ),
    ONNX_MODEL_PATH: text('./pretrained_models/wav2arkit_cpu.onnx').describe('The full-size face model'),
    FACE_READOUT: text('lam').describe(
      "How the embedded model's features become weights: lam (the product's avatars), arkit (generic rigs), or a JSON file of yours (docs/face.md)",
    ),
    FACE_VISEMES: flag(false).describe('Send the 15 Oculus visemes with each frame, for other renderers'),
    FACE_IDENTITY: integer(11, 0, 11).describe('Speaking style, for models that take one: 0 to 11'),
    FACE_PROCESSES: optionalInteger(1, 64).describe(
      'Inference processes; unset: measured at the start, and one for the embedded model',
    ),
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
    USE_SSL: flag(false).describe('Serve https:// and wss://'),
    DEBUG: flag(false).describe('Log more, and show more in /info'),
    DEBUG_AUDIO_CAPTURE: flag(false).describe(
      'Write incoming sound to files; has no effect in this version yet',
    ),
  },
  Authentication: {
    AUTH_ENABLED: flag(false).describe('Ask for a token on every connection'),
    AUTH_SECRET_KEY: optionalText().describe('Key that signs tokens; unset: made at each start'),
    AUTH_TOKEN_TTL: integer(3600, 1, 31_536_000).describe('Seconds a token is good for'),
    AUTH_ALLOWED_ORIGINS: list([
      'http://localhost:5173',
      'http://localhost:5174',
      'http://localhost:5175',
    ]).describe('Origins that get a token, comma-separated'),
    AUTH_ENABLE_RATE_LIMITING: flag(true).describe('Limit how often one origin or session may ask'),
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
  ...SETTING_GROUPS.Authentication,
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
]);
