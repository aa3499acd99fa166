import { randomUUID } from 'node:crypto';
import { samplesToMs } from '../../audio/pcm.ts';
import { AgentError, toAppError } from '../../errors.ts';
import type { AgentSession, OpenAgent } from '../agent.ts';
import type { Answerer } from './answers/answerer.ts';
import { Ear } from './ear.ts';
import type { Voice } from './speech/voice.ts';

/** What an {@link OfflineSession} speaks with. */
export interface OfflineParts {
  readonly answerer: Answerer;
  readonly voice: Voice;
  /** Hz, both ways: the user's voice comes back untouched. */
  readonly sampleRate: number;
}

/** A conversation with the offline agent: typed questions are answered aloud, spoken ones are said back. */
export class OfflineSession implements AgentSession {
  readonly #options: OpenAgent;
  readonly #parts: OfflineParts;
  readonly #ear: Ear;
  /** Ends the answer that is being made. */
  #answering = new AbortController();
  /** Ends the conversation. */
  readonly #over = new AbortController();

  constructor(options: OpenAgent, parts: OfflineParts) {
    this.#options = options;
    this.#parts = parts;
    this.#ear = new Ear(parts.sampleRate, {
      onSpeech: () => this.#over.signal.aborted || options.sink.emit({ type: 'user_speaking' }),
      onUtterance: (pcm) => this.#parrot(pcm),
    });
  }

  sendAudio(pcm: Int16Array): void {
    this.#ear.push(pcm);
  }

  endAudio(): void {
    this.#ear.end();
  }

  sendText(text: string): void {
    this.#answering.abort();
    this.#answering = new AbortController();
    void this.#speak(this.#parts.answerer.answer(text), this.#answering.signal);
  }

  cancel(): void {
    this.#answering.abort();
  }

  close(): Promise<void> {
    this.#over.abort();
    return Promise.resolve();
  }

  /** Says sentence after sentence; the next is made while the one before is heard. Never rejects. */
  async #speak(sentences: readonly string[], cancelled: AbortSignal): Promise<void> {
    const { sink } = this.#options;
    const signal = AbortSignal.any([cancelled, this.#over.signal, this.#options.signal]);
    if (signal.aborted) return;
    const turnId = randomUUID();
    let error: AgentError | undefined;
    let spokenMs = 0;
    sink.emit({ type: 'turn_started', turnId });
    try {
      for (const sentence of sentences) {
        await sink.ready(signal);
        const pcm = await this.#parts.voice.speak(sentence);
        if (signal.aborted) return;
        sink.emit({ type: 'text', turnId, text: `${sentence} `, startMs: spokenMs });
        sink.emit({ type: 'audio', turnId, pcm });
        spokenMs += samplesToMs(pcm.length, this.#parts.sampleRate);
      }
    } catch (cause) {
      if (signal.aborted) return;
      error = new AgentError('agent_failed', toAppError(cause).message, { cause });
    }
    sink.emit({ type: 'turn_ended', turnId, ...(error === undefined ? {} : { error }) });
  }

  #parrot(pcm: Int16Array): void {
    if (this.#over.signal.aborted) return;
    this.#answering.abort();
    const { sink } = this.#options;
    const turnId = randomUUID();
    const seconds = (pcm.length / this.#parts.sampleRate).toFixed(1);
    sink.emit({ type: 'user_finished' });
    sink.emit({ type: 'turn_started', turnId });
    sink.emit({ type: 'text', turnId, text: `(your own voice, ${seconds} seconds)` });
    sink.emit({ type: 'audio', turnId, pcm });
    sink.emit({ type: 'turn_ended', turnId });
  }
}
