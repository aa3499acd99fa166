import type { Knowledge } from '../../knowledge.ts';
import type { Agent } from '../agent.ts';
import { createAnswerer } from './answers/answerer.ts';
import { OfflineSession } from './offline-session.ts';
import { startVoice } from './speech/voice.ts';

/** Hz of its ear and its voice: the widget's own rate, so that a parroted voice is the user's, sample for sample. */
const SAMPLE_RATE = 24_000;

/** How the offline agent is set up. */
export interface OfflineSettings {
  /** One of flite's voices. */
  readonly voice: string;
  readonly knowledge: Knowledge;
  /** Characters a second, the estimate before a sentence is spoken. */
  readonly charsPerSecond: number;
}

/**
 * The agent that needs nothing: no key, no network, no download. It answers typed questions by quoting from a text, in
 * a synthetic voice, and says spoken sentences back in the user's own.
 */
export async function createOfflineAgent(settings: OfflineSettings): Promise<Agent> {
  const answerer = await createAnswerer(settings.knowledge);
  const voice = startVoice(settings.voice, SAMPLE_RATE);
  const parts = { answerer, voice, sampleRate: SAMPLE_RATE };
  return {
    name: 'sample_offline',
    audio: { inputRate: SAMPLE_RATE, outputRate: SAMPLE_RATE },
    capabilities: {
      serverTurnDetection: true,
      truncation: false,
      userTranscript: false,
      text: true,
      tools: false,
      vision: false,
    },
    charsPerSecond: settings.charsPerSecond,
    open: async (options) => {
      options.signal.throwIfAborted();
      return new OfflineSession(options, parts);
    },
    close: () => voice.close(),
  };
}
