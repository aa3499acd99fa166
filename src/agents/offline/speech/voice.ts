import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { AgentError } from '../../../errors.ts';
import { speakable } from './speakable.ts';
import type { SpeechJob } from './voice-worker.ts';

/** Sentences that may wait for a worker; beyond, the speaker is told it failed. A sentence takes some 60 ms. */
const MAX_WAITING_SENTENCES = 500;

/** A synthetic voice. One per process, shared by all conversations. */
export interface Voice {
  /**
   * Speaks a sentence, in a worker thread.
   *
   * @returns mono sound at the rate given at the start; empty if nothing in the text can be pronounced.
   * @throws AgentError if it fails, too many sentences wait, or it is closed.
   */
  speak(sentence: string): Promise<Int16Array>;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** Starts the voice's workers: one, and more while sentences wait, but never the last core. */
export function startVoice(voice: string, sampleRate: number): Voice {
  const pool = new Piscina<SpeechJob, Int16Array>({
    filename: new URL(`./voice-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'speakJob',
    minThreads: 1,
    maxThreads: Math.max(1, availableParallelism() - 1),
    maxQueue: MAX_WAITING_SENTENCES,
    idleTimeout: 30_000,
  });
  let closed = false;
  return {
    speak: async (sentence) => {
      const text = speakable(sentence);
      if (text === '') return new Int16Array(0);
      // A pool that was destroyed would start a new worker, which nobody would end.
      if (closed) throw new AgentError('agent_failed', 'the voice is closed');
      try {
        return await pool.run({ voice, text, sampleRate });
      } catch (cause) {
        throw new AgentError('agent_failed', 'speech synthesis failed', { cause, retryable: true });
      }
    },
    close: () => {
      closed = true;
      return pool.destroy();
    },
  };
}
