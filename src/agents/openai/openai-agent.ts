import { OpenAI } from 'openai';
import type { Logger } from '../../log.ts';
import type { Agent } from '../agent.ts';
import { Oddities } from './oddities.ts';
import { OpenAISession } from './openai-session.ts';
import { OPENAI_SAMPLE_RATE, type OpenAISettings } from './session-config.ts';

/** Where the API is, unless OPENAI_BASE_URL says otherwise. */
const API_URL = 'https://api.openai.com/v1';

/** The agent of OpenAI's Realtime API (GA). Holds nothing but the key; every conversation has a socket of its own. */
export function createOpenAIAgent(settings: OpenAISettings, log: Logger): Agent {
  const client = new OpenAI({
    apiKey: settings.OPENAI_API_KEY ?? '',
    baseURL: settings.OPENAI_BASE_URL ?? API_URL,
    // Without these the SDK would look into the environment, past the documented settings.
    organization: null,
    project: null,
  });
  const parts = { client, settings, oddities: new Oddities(log) };
  return {
    name: 'sample_openai',
    audio: { inputRate: OPENAI_SAMPLE_RATE, outputRate: OPENAI_SAMPLE_RATE },
    capabilities: {
      serverTurnDetection: true,
      truncation: true,
      userTranscript: true,
      text: true,
      tools: true,
      vision: true,
    },
    charsPerSecond: settings.OPENAI_TRANSCRIPT_SPEED,
    open: (options) => OpenAISession.open(options, parts),
    close: () => Promise.resolve(),
  };
}
