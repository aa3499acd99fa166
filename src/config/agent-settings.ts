import { SAMPLE_RATES } from '../protocol/sample-rates.ts';
import { optionalHttpUrl, optionalSource, optionalWebSocketUrl } from './addresses.ts';
import { choice, decimal, flag, integer, integerChoice, optionalText, text } from './variables.ts';

/** The offline agent's voices. */
export const OFFLINE_VOICES = ['slt', 'rms', 'awb', 'kal', 'kal16'] as const;

/** Who answers, by group. */
export const AGENT_SETTINGS = {
  Agent: {
    AGENT_TYPE: optionalText().describe(
      'Who answers: sample_openai, sample_gemini, remote, sample_offline, or a module of yours (./my-agent.ts, or a package). Unset: sample_openai if OPENAI_API_KEY is set, else sample_gemini if GEMINI_API_KEY is set, else sample_offline',
    ),
    AGENT_URL: optionalWebSocketUrl().describe('WebSocket address of the remote agent'),
    ASSISTANT_INSTRUCTIONS: text(
      'You are a helpful and friendly AI assistant. Be concise in your responses.',
    ).describe('System prompt of the assistant'),
    KNOWLEDGE_BASE_SOURCE: optionalSource().describe(
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
} as const;
