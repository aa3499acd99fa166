import type { AgentEvent } from '../agent.ts';
import type { Answer } from './answer.ts';
import type { Answers } from './answers.ts';
import { answerFault } from './errors.ts';
import type { Oddities } from './oddities.ts';
import { indexIn, objectIn, objectsIn, textIn, type Wire } from './wire.ts';

/** Names remembered, of events and of the user's utterances, to know repetitions by. */
const REMEMBERED = 512;

/** Events that need no reaction, because others say the same or nobody asked. */
const IGNORED = new Set([
  'session.created',
  'session.updated',
  'conversation.created',
  'conversation.item.created',
  'conversation.item.added',
  'conversation.item.done',
  'conversation.item.deleted',
  'conversation.item.retrieved',
  'conversation.item.truncated',
  'conversation.item.input_audio_transcription.delta',
  'conversation.item.input_audio_transcription.segment',
  'input_audio_buffer.cleared',
  'input_audio_buffer.committed',
  'input_audio_buffer.timeout_triggered',
  'rate_limits.updated',
  'response.content_part.added',
  'response.content_part.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.output_audio.done',
  'response.output_audio_transcript.done',
  'response.output_item.added',
  'response.output_text.done',
]);

/**
 * What the server says, as what an agent says. Turns are named by their response. Every event may be repeated, late,
 * malformed or unknown: it then says nothing, and is noted once per kind. Does no I/O; its state is the answers and
 * what was already said.
 */
export class ServerEvents {
  readonly #answers: Answers;
  readonly #oddities: Oddities;
  readonly #seenEvents = new Recent();
  readonly #transcribed = new Recent();
  readonly #called = new Recent();

  constructor(answers: Answers, oddities: Oddities) {
    this.#answers = answers;
    this.#oddities = oddities;
  }

  /** Takes the next event; returns what is to be told, in order. `error` events are not its business. */
  read(event: Wire): AgentEvent[] {
    const eventId = textIn(event, 'event_id');
    if (eventId !== undefined && !this.#seenEvents.add(eventId)) return this.#odd('repeated event');
    const type = textIn(event, 'type') ?? '';
    switch (type) {
      case 'response.created':
        return this.#begin(objectIn(event, 'response'));
      case 'response.output_audio.delta':
        return this.#hear(event);
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        return this.#say(event);
      case 'response.output_item.done':
        return this.#call(textIn(event, 'response_id'), objectIn(event, 'item'));
      case 'response.done':
        return this.#end(objectIn(event, 'response'));
      case 'input_audio_buffer.speech_started':
        // interrupt_response: the server stops its answers by itself.
        for (const answer of this.#answers.running) answer.stopping = true;
        return [{ type: 'user_speaking' }];
      case 'input_audio_buffer.speech_stopped':
        return [{ type: 'user_finished' }];
      case 'conversation.item.input_audio_transcription.completed':
        return this.#transcribe(event);
      case 'conversation.item.input_audio_transcription.failed':
        return this.#odd('transcription failed');
      default:
        return IGNORED.has(type) ? [] : this.#odd(`unknown event ${type}`);
    }
  }

  #begin(response: Wire | undefined): AgentEvent[] {
    const turnId = textIn(response, 'id');
    if (turnId === undefined) return this.#odd('response without an id');
    const announced = this.#announce(turnId);
    this.#answers.open(turnId).begun = true;
    return announced;
  }

  /** The first that is heard of an answer; its `response.created` may have been lost. */
  #announce(turnId: string): AgentEvent[] {
    if (this.#answers.get(turnId) !== undefined) return [];
    this.#answers.open(turnId);
    return [{ type: 'turn_started', turnId }];
  }

  #hear(event: Wire): AgentEvent[] {
    const delta = textIn(event, 'delta');
    const itemId = textIn(event, 'item_id');
    const turnId = textIn(event, 'response_id');
    if (delta === undefined || itemId === undefined) return this.#odd('malformed audio');
    if (turnId === undefined) return this.#odd('audio without a response');
    const begun = this.#announce(turnId);
    const answer = this.#answers.get(turnId);
    if (answer === undefined || answer.done) return this.#odd('audio after its response');
    const bytes = Buffer.from(delta, 'base64');
    // Buffer.from skips what is not base64; then there are fewer bytes than the text's length says.
    if (bytes.length !== Buffer.byteLength(delta, 'base64')) return [...begun, ...this.#odd('garbled audio')];
    const { pcm, odd } = answer.toSamples(bytes);
    if (odd) this.#odd('odd number of bytes');
    answer.addSamples(itemId, indexIn(event, 'content_index') ?? 0, pcm.length);
    if (pcm.length === 0 || answer.cancelled) return begun;
    return [...begun, { type: 'audio', turnId, pcm }];
  }

  #say(event: Wire): AgentEvent[] {
    const text = textIn(event, 'delta');
    const turnId = textIn(event, 'response_id');
    const itemId = textIn(event, 'item_id');
    if (text === undefined) return this.#odd('malformed words');
    if (turnId === undefined) return this.#odd('words without a response');
    const begun = this.#announce(turnId);
    const answer = this.#answers.get(turnId);
    if (answer === undefined || answer.done) return this.#odd('words after their response');
    if (text === '' || answer.cancelled) return begun;
    return [...begun, { type: 'text', turnId, text, ...(itemId === undefined ? {} : { itemId }) }];
  }

  #call(turnId: string | undefined, item: Wire | undefined): AgentEvent[] {
    if (textIn(item, 'type') !== 'function_call') return [];
    const callId = textIn(item, 'call_id');
    const name = textIn(item, 'name');
    if (turnId === undefined || callId === undefined || name === undefined)
      return this.#odd('malformed call');
    // The call of an answer that was stopped has only half its arguments.
    if (textIn(item, 'status') === 'incomplete') return [];
    const answer = this.#answers.open(turnId);
    if (answer.cancelled || !this.#called.add(callId)) return [];
    answer.hasCalls = true;
    answer.pendingCalls.add(callId);
    return [{ type: 'tool_call', turnId, callId, name, args: parseArguments(textIn(item, 'arguments')) }];
  }

  #end(response: Wire | undefined): AgentEvent[] {
    const turnId = textIn(response, 'id');
    if (turnId === undefined) return this.#odd('response without an id');
    const answer = this.#answers.open(turnId);
    if (answer.done) return this.#odd('response ended twice');
    const output = objectsIn(response, 'output');
    const calls = output.flatMap((item) => this.#call(turnId, item));
    answer.done = true;
    const text = wordsOf(output);
    const error = this.#faultOf(response, answer);
    return [
      ...calls,
      {
        type: 'turn_ended',
        turnId,
        ...(text === '' ? {} : { text }),
        ...(error === undefined ? {} : { error }),
      },
    ];
  }

  /** Completed and cancelled answers are as they should be; what else cuts one short, the user should know. */
  #faultOf(response: Wire | undefined, answer: Answer) {
    const status = textIn(response, 'status') ?? 'completed';
    if (status === 'completed' || status === 'cancelled' || answer.cancelled) return undefined;
    const details = objectIn(response, 'status_details');
    const error = objectIn(details, 'error');
    const why =
      textIn(error, 'code') ?? textIn(error, 'type') ?? textIn(details, 'reason') ?? 'no reason given';
    this.#odd(`response ${status}: ${why}`);
    return answerFault(`${status}, ${why}`);
  }

  #transcribe(event: Wire): AgentEvent[] {
    const itemId = textIn(event, 'item_id');
    const text = textIn(event, 'transcript')?.trim();
    if (itemId === undefined || text === undefined) return this.#odd('malformed transcript');
    if (!this.#transcribed.add(itemId)) return this.#odd('repeated transcript');
    return text === '' ? [] : [{ type: 'user_text', text, final: true, itemId }];
  }

  #odd(kind: string): [] {
    this.#oddities.note(kind);
    return [];
  }
}

/** The newest names, for knowing repetitions. */
class Recent {
  readonly #names = new Set<string>();

  /** Remembers the name; false if it was known. */
  add(name: string): boolean {
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    const [oldest] = this.#names;
    if (this.#names.size > REMEMBERED && oldest !== undefined) this.#names.delete(oldest);
    return true;
  }
}

/** All words of a finished response. */
function wordsOf(output: readonly Wire[]): string {
  return output
    .filter((item) => textIn(item, 'type') === 'message')
    .flatMap((item) => objectsIn(item, 'content'))
    .map((part) => textIn(part, 'transcript') ?? textIn(part, 'text') ?? '')
    .join('');
}

/** What the model wrote; text that is no JSON is handed on as it is. */
function parseArguments(written: string | undefined): unknown {
  try {
    return written === undefined || written === '' ? {} : (JSON.parse(written) as unknown);
  } catch {
    return written;
  }
}
