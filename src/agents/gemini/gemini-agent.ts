import { ConfigError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Agent } from '../agent.ts';
import { openGeminiSession } from './gemini-session.ts';
import type { GeminiSettings } from './live-config.ts';
import { Oddities } from './oddities.ts';

/**
 * The agent that speaks through Google's Gemini Live API.
 *
 * @throws ConfigError without GEMINI_API_KEY.
 */
export function createGeminiAgent(settings: GeminiSettings, log: Logger): Agent {
  if (settings.GEMINI_API_KEY === undefined) {
    throw new ConfigError(['GEMINI_API_KEY: expected a key, because AGENT_TYPE is sample_gemini']);
  }
  const oddities = new Oddities(log);
  return {
    name: 'sample_gemini',
    audio: {
      inputRate: settings.GEMINI_INPUT_SAMPLE_RATE,
      outputRate: settings.GEMINI_OUTPUT_SAMPLE_RATE,
    },
    capabilities: {
      serverTurnDetection: true,
      truncation: false,
      userTranscript: true,
      text: true,
      tools: true,
      vision: true,
    },
    charsPerSecond: settings.GEMINI_TRANSCRIPT_SPEED,
    open: (options) => openGeminiSession({ settings, options, oddities }),
    close: () => Promise.resolve(),
  };
}
