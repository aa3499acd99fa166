import type {
  RealtimeAudioInputTurnDetection,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import type { Settings } from '../../config/settings.ts';
import type { ToolDefinition } from '../agent.ts';

/** Hz of the API's PCM, both ways; it has no other. */
export const OPENAI_SAMPLE_RATE = 24_000;

/** The settings of this agent. */
export type OpenAISettings = Pick<
  Settings,
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
  | 'OPENAI_MODEL'
  | 'OPENAI_VOICE'
  | 'OPENAI_VOICE_SPEED'
  | 'OPENAI_TRANSCRIPT_SPEED'
  | 'OPENAI_TRANSCRIPTION_MODEL'
  | 'OPENAI_TRANSCRIPTION_LANGUAGE'
  | 'OPENAI_VAD_TYPE'
  | 'OPENAI_VAD_THRESHOLD'
  | 'OPENAI_VAD_SILENCE_DURATION_MS'
  | 'OPENAI_VAD_PREFIX_PADDING_MS'
  | 'OPENAI_NOISE_REDUCTION'
>;

/**
 * The session as the GA Realtime API wants to hear it. The model is not in it: the address names it, and the API
 * refuses to change it later.
 */
export function sessionConfig(
  settings: OpenAISettings,
  instructions: string,
  tools: readonly ToolDefinition[],
): RealtimeSessionCreateRequest {
  return {
    type: 'realtime',
    instructions,
    output_modalities: ['audio'],
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: OPENAI_SAMPLE_RATE },
        noise_reduction: noiseReduction(settings),
        transcription: {
          model: settings.OPENAI_TRANSCRIPTION_MODEL,
          language: settings.OPENAI_TRANSCRIPTION_LANGUAGE,
        },
        turn_detection: turnDetection(settings),
      },
      output: {
        format: { type: 'audio/pcm', rate: OPENAI_SAMPLE_RATE },
        voice: settings.OPENAI_VOICE,
        speed: settings.OPENAI_VOICE_SPEED,
      },
    },
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters,
    })),
    tool_choice: 'auto',
  };
}

/** The server finds the ends of speech, answers by itself, and stops its answer when it is spoken over. */
function turnDetection(settings: OpenAISettings): RealtimeAudioInputTurnDetection {
  if (settings.OPENAI_VAD_TYPE === 'semantic_vad') {
    return { type: 'semantic_vad', create_response: true, interrupt_response: true };
  }
  return {
    type: 'server_vad',
    threshold: settings.OPENAI_VAD_THRESHOLD,
    prefix_padding_ms: settings.OPENAI_VAD_PREFIX_PADDING_MS,
    silence_duration_ms: settings.OPENAI_VAD_SILENCE_DURATION_MS,
    create_response: true,
    interrupt_response: true,
  };
}

/** The API turns it off for null only; the SDK's type has not heard of that. */
function noiseReduction({ OPENAI_NOISE_REDUCTION: type }: OpenAISettings): {
  type: 'near_field' | 'far_field';
} {
  return (type === 'off' ? null : { type }) as { type: 'near_field' | 'far_field' };
}

/** Longest the semantic detector waits for more before it takes silence for the end of a turn (eagerness auto). */
const SEMANTIC_PATIENCE_MS = 4000;
const MARGIN_MS = 500;

/**
 * How much silence makes the server end a turn that the closed microphone cut off, in milliseconds. Silence rather
 * than `input_audio_buffer.commit`: only the server knows, after all sound in order, whether anything was said; a
 * commit of noise would be answered, a commit of nothing is an error, and neither starts an answer by itself.
 */
export function closingSilenceMs(settings: OpenAISettings): number {
  return settings.OPENAI_VAD_TYPE === 'semantic_vad'
    ? SEMANTIC_PATIENCE_MS + MARGIN_MS
    : settings.OPENAI_VAD_SILENCE_DURATION_MS + MARGIN_MS;
}
