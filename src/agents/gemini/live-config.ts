import {
  EndSensitivity,
  type LiveConnectConfig,
  Modality,
  StartSensitivity,
  TurnCoverage,
} from '@google/genai';
import type { Settings } from '../../config/settings.ts';
import type { OpenAgent, ToolDefinition, Utterance } from '../agent.ts';
import { dialectOf } from './dialect.ts';

/** The settings of this agent, under the names users know. */
export type GeminiSettings = Pick<
  Settings,
  | 'GEMINI_API_KEY'
  | 'GOOGLE_GEMINI_BASE_URL'
  | 'GEMINI_MODEL'
  | 'GEMINI_VOICE'
  | 'GEMINI_API_VERSION'
  | 'GEMINI_THINKING_BUDGET'
  | 'GEMINI_GOOGLE_SEARCH_GROUNDING'
  | 'GEMINI_PROACTIVE_AUDIO'
  | 'GEMINI_CONTEXT_WINDOW_COMPRESSION'
  | 'GEMINI_INPUT_SAMPLE_RATE'
  | 'GEMINI_OUTPUT_SAMPLE_RATE'
  | 'GEMINI_TRANSCRIPT_SPEED'
  | 'GEMINI_VAD_START_SENSITIVITY'
  | 'GEMINI_VAD_END_SENSITIVITY'
  | 'GEMINI_TURN_COVERAGE'
>;

/** What of a conversation's opening goes into its setup. */
export type Opening = Pick<OpenAgent, 'instructions' | 'tools' | 'history' | 'resumeHandle'>;

/** What a conversation is set up with, before the first word. Pure. */
export function liveConfig(settings: GeminiSettings, opening: Opening): LiveConnectConfig {
  const tools = toolsOf(settings, opening.tools);
  return {
    responseModalities: [Modality.AUDIO],
    speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: settings.GEMINI_VOICE } } },
    thinkingConfig: { includeThoughts: false, thinkingBudget: settings.GEMINI_THINKING_BUDGET },
    systemInstruction: systemInstruction(settings, opening),
    // Empty on purpose: the API closes the connection when anything like a model is named here.
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    realtimeInputConfig: {
      automaticActivityDetection: {
        startOfSpeechSensitivity: StartSensitivity[settings.GEMINI_VAD_START_SENSITIVITY],
        endOfSpeechSensitivity: EndSensitivity[settings.GEMINI_VAD_END_SENSITIVITY],
      },
      turnCoverage: TurnCoverage[settings.GEMINI_TURN_COVERAGE],
    },
    sessionResumption: opening.resumeHandle === undefined ? {} : { handle: opening.resumeHandle },
    ...(settings.GEMINI_CONTEXT_WINDOW_COMPRESSION
      ? { contextWindowCompression: { slidingWindow: {} } }
      : {}),
    ...(settings.GEMINI_PROACTIVE_AUDIO ? { proactivity: { proactiveAudio: true } } : {}),
    ...(tools.length === 0 ? {} : { tools }),
  };
}

/** The conversation so far as turns that are sent after the setup; none where the setup itself tells it. Pure. */
export function historyTurns(
  settings: GeminiSettings,
  opening: Opening,
): { role: 'user' | 'model'; parts: { text: string }[] }[] {
  if (!dialectOf(settings.GEMINI_MODEL).clientContent || opening.resumeHandle !== undefined) return [];
  return opening.history.map(({ role, text }) => ({
    role: role === 'user' ? 'user' : 'model',
    parts: [{ text }],
  }));
}

function toolsOf(
  settings: GeminiSettings,
  tools: readonly ToolDefinition[],
): NonNullable<LiveConnectConfig['tools']> {
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parametersJsonSchema: parameters,
  }));
  return [
    ...(settings.GEMINI_GOOGLE_SEARCH_GROUNDING ? [{ googleSearch: {} }] : []),
    ...(functionDeclarations.length === 0 ? [] : [{ functionDeclarations }]),
  ];
}

function systemInstruction(
  settings: GeminiSettings,
  { instructions, history, resumeHandle }: Opening,
): string {
  const told = dialectOf(settings.GEMINI_MODEL).clientContent || resumeHandle !== undefined;
  if (told || history.length === 0) return instructions;
  return `${instructions}\n\nThe conversation so far, which goes on now:\n${history.map(spoken).join('\n')}`;
}

function spoken({ role, text }: Utterance): string {
  return `${role === 'user' ? 'User' : 'You'}: ${text}`;
}
