import { randomUUID } from 'node:crypto';
import { createResampler, type Resampler } from '../../audio/resampler.ts';
import { AgentError } from '../../errors.ts';
import type { AgentEvent } from '../agent.ts';
import type { AgentMessage } from './messages.ts';

/** Of an error's text this much is kept for the log. */
const MAX_ERROR_CHARS = 200;

/** So many names of answers are remembered, for interrupts that come after their end. */
const REMEMBERED_NAMES = 32;

/** The messages that say something of the conversation. */
export type ConversationMessage = Exclude<AgentMessage, { readonly type: 'session_ready' }>;

/** The answer that is under way. */
interface Answer {
  readonly turnId: string;
  /** It was not announced: its first sound opened it. */
  readonly unannounced: boolean;
  hasSound: boolean;
  /** The user hears no more of it, whatever the agent still sends. */
  cutOff: boolean;
  /** The first half of a sample whose other half is in the next piece of sound. */
  halfSample: Buffer;
  readonly resampler: Resampler;
}

/**
 * Maps a remote agent's messages to events: gives each answer an identity, which the protocol does not. Pure but for
 * the answer it is in; one per connection.
 */
export class RemoteEvents {
  readonly #outputRate: number;
  #agentRate: number;
  #answer: Answer | undefined;
  /** An agent that announces its answers does not mean words outside of them. */
  #announces = false;
  readonly #names = new Map<string, string>();
  #lastUserText: string | undefined;

  /** @param outputRate Hz of the sound in the events, and of the agent's until {@link setRate} says otherwise. */
  constructor(outputRate: number) {
    this.#outputRate = outputRate;
    this.#agentRate = outputRate;
  }

  /** The answer that is under way, if there is one. */
  get current(): Readonly<Pick<Answer, 'unannounced' | 'hasSound' | 'cutOff'>> | undefined {
    return this.#answer;
  }

  /** Hz of the agent's sound, from the next answer on. */
  setRate(sampleRate: number): void {
    this.#agentRate = sampleRate;
  }

  /** What the agent calls the answer, or our own name for it. */
  nameOf(turnId: string): string {
    return this.#names.get(turnId) ?? turnId;
  }

  /** The session has cut an answer off. */
  cutOff(turnId: string): void {
    if (this.#answer?.turnId === turnId) this.#answer.cutOff = true;
  }

  /** What a message means. Empty if nothing. */
  read(message: ConversationMessage): AgentEvent[] {
    switch (message.type) {
      case 'response_start': {
        this.#announces = true;
        const before = this.end(); // two at once: the first has ended
        return [...before, ...this.#begin(false, message.turnId ?? undefined)];
      }
      case 'audio_delta':
        return this.hear(message.data);
      case 'transcript_delta':
        return this.#words(message.delta, message.role === 'user', message.itemId ?? undefined);
      case 'response_end':
        return this.end({ text: message.transcript ?? undefined, itemId: message.itemId ?? undefined });
      case 'user_transcript':
        return this.#userText(message.transcript, message.itemId ?? undefined);
      case 'interrupted':
        // Not its end: what is still under way of it must not open an answer of its own.
        if (this.#answer !== undefined) this.#answer.cutOff = true;
        return [{ type: 'user_speaking' }];
      case 'user_finished':
        return [{ type: 'user_finished' }];
      case 'error':
        return this.fail(`the agent reports: ${textOf(message.error)}`);
      case 'tool_call': {
        const { name, callId } = message;
        const turnId = this.#answer?.turnId ?? randomUUID();
        const args = message.arguments ?? {};
        return [{ type: 'tool_call', turnId, callId: callId ?? randomUUID(), name, args }];
      }
    }
  }

  /** Sound of the agent's, as bytes, cut anywhere. */
  hear(bytes: Buffer): AgentEvent[] {
    if (bytes.length === 0) return [];
    const opening = this.#answer === undefined ? this.#begin(true) : [];
    const answer = this.#answer;
    if (answer === undefined) return opening;
    const all = Buffer.concat([answer.halfSample, bytes]);
    const whole = all.length - (all.length % 2);
    answer.halfSample = all.subarray(whole);
    answer.hasSound = true;
    const pcm = answer.resampler.push(samplesOf(all.subarray(0, whole)));
    return pcm.length === 0 ? opening : [...opening, { type: 'audio', turnId: answer.turnId, pcm }];
  }

  /** The answer is complete, or failed; none under way: nothing. */
  end(
    how: { text?: string | undefined; itemId?: string | undefined; error?: AgentError } = {},
  ): AgentEvent[] {
    const answer = this.#answer;
    if (answer === undefined) return [];
    this.#answer = undefined;
    const { turnId } = answer;
    const rest = answer.resampler.flush();
    return [
      ...(rest.length === 0 ? [] : [{ type: 'audio', turnId, pcm: rest } as const]),
      {
        type: 'turn_ended',
        turnId,
        ...(how.text ? { text: how.text } : {}), // an empty transcript is one that was not made
        ...(how.itemId === undefined ? {} : { itemId: how.itemId }),
        ...(how.error === undefined ? {} : { error: how.error }),
      },
    ];
  }

  /** The answer under way has failed, or the one that should have come. */
  fail(why: string): AgentEvent[] {
    const error = new AgentError('agent_failed', why, { retryable: true });
    if (this.#answer !== undefined) return this.end({ error });
    return [{ type: 'fault', error }];
  }

  #begin(unannounced: boolean, name?: string): AgentEvent[] {
    const turnId = randomUUID();
    if (name !== undefined) this.#remember(turnId, name);
    this.#lastUserText = undefined;
    this.#answer = {
      turnId,
      unannounced,
      hasSound: false,
      cutOff: false,
      halfSample: Buffer.alloc(0),
      resampler: createResampler(this.#agentRate, this.#outputRate),
    };
    return [{ type: 'turn_started', turnId }];
  }

  #words(text: string, ofUser: boolean, itemId: string | undefined): AgentEvent[] {
    const item = itemId === undefined ? {} : { itemId };
    if (ofUser) return [{ type: 'user_text', text, final: false, ...item }];
    if (text === '' || (this.#answer === undefined && this.#announces)) return []; // late
    const opening = this.#answer === undefined ? this.#begin(true) : [];
    const turnId = this.#answer?.turnId ?? '';
    return [...opening, { type: 'text', turnId, text, ...item }];
  }

  /** What the user said; the same again before there was an answer is a repetition. */
  #userText(text: string, itemId: string | undefined): AgentEvent[] {
    const identity = `${itemId ?? ''}\n${text}`;
    if (text === '' || identity === this.#lastUserText) return [];
    this.#lastUserText = identity;
    return [{ type: 'user_text', text, final: true, ...(itemId === undefined ? {} : { itemId }) }];
  }

  #remember(turnId: string, name: string): void {
    this.#names.set(turnId, name);
    if (this.#names.size <= REMEMBERED_NAMES) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined) this.#names.delete(oldest);
  }
}

/** Little-endian samples; the array is a copy. */
function samplesOf(bytes: Buffer): Int16Array {
  return new Int16Array(new Uint8Array(bytes).buffer);
}

function textOf(error: unknown): string {
  const text = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return typeof text === 'string' ? text.slice(0, MAX_ERROR_CHARS) : 'an error without a text';
}
