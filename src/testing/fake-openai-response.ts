import type { ConversationItem, RealtimeResponse } from 'openai/resources/realtime/realtime';
import { msToSamples, samplesToMs } from '../audio/pcm.ts';
import type { Clock } from '../time/clock.ts';
import { type FakeConversation, type FakeItem, fakeId } from './fake-openai-conversation.ts';
import type { FakeServerEvent } from './fake-openai-events.ts';
import type { FakeIds, FakeStep } from './fake-openai-script.ts';

const SAMPLE_RATE = 24_000;

/** A word with the space before it: words are not cut between deltas. */
const WORD = /\s*\S+/g;

/** What a {@link FakeResponse} needs. */
export interface FakeResponseOptions {
  readonly steps: readonly FakeStep[];
  readonly conversation: FakeConversation;
  readonly clock: Clock;
  /** Sound still sent after a cancel, before the response says it is done. */
  readonly lateMs: number;
  readonly send: (event: FakeServerEvent) => void;
  readonly sendRaw: (event: unknown) => void;
  readonly cut: (how: 'reset' | 'stall') => void;
  readonly close: (code: number, reason: string) => void;
}

/** One response being made: says its steps in the API's order of events, and ends in one of the API's four ways. */
export class FakeResponse {
  readonly id = fakeId('resp');
  readonly #options: FakeResponseOptions;
  readonly #abort = new AbortController();
  readonly #output: ConversationItem[] = [];
  #cancelReason: 'turn_detected' | 'client_cancelled' | undefined;
  #silenced = false;
  #itemId = '';

  constructor(options: FakeResponseOptions) {
    this.#options = options;
  }

  /** Makes the whole response. Resolves when it is done, cancelled, or its connection cut. Never rejects. */
  async run(): Promise<void> {
    const { send, steps } = this.#options;
    send({ type: 'response.created', response: this.#response('in_progress') });
    let end: Extract<FakeStep, { do: 'end' }> = { do: 'end', status: 'completed' };
    for (const step of steps) {
      if (this.#abort.signal.aborted) break;
      if (step.do === 'end') {
        end = step;
        break;
      }
      await this.#perform(step);
      if (this.#silenced) return;
    }
    if (this.#silenced) return;
    if (this.#cancelReason === undefined) this.#end(end);
    else this.#endCancelled(this.#cancelReason);
  }

  /** The client, or the user's voice, stops it: it says so after whatever is still under way. */
  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    this.#cancelReason ??= reason;
    this.#abort.abort();
  }

  /** The connection is gone: nothing is sent any more. */
  drop(): void {
    this.#silenced = true;
    this.#abort.abort();
  }

  async #perform(step: FakeStep): Promise<void> {
    const { clock, sendRaw, cut, close } = this.#options;
    switch (step.do) {
      case 'say':
        await this.#say(step);
        break;
      case 'call':
        this.#call(step.name, step.args, step.callId ?? fakeId('call'));
        break;
      case 'wait':
        await clock.sleep(step.ms, this.#abort.signal).catch(() => undefined); // cancelled: the loop sees it
        break;
      case 'send':
        sendRaw(step.event(this.#ids));
        break;
      case 'cut':
        this.#silenced = true;
        cut(step.how);
        break;
      case 'close':
        this.#silenced = true;
        close(step.code, step.reason);
        break;
      case 'end':
        break;
    }
  }

  get #ids(): FakeIds {
    return { responseId: this.id, itemId: this.#itemId };
  }

  async #say({ text, pcm, deltaMs, everyMs }: Extract<FakeStep, { do: 'say' }>): Promise<void> {
    const { conversation, clock, lateMs } = this.#options;
    const item = conversation.add({ type: 'message', role: 'assistant', content: [], status: 'in_progress' });
    this.#itemId = item.id;
    this.#open(item);
    const words = text.match(WORD) ?? [];
    const pieces = Math.max(1, Math.ceil(pcm.length / msToSamples(deltaMs, SAMPLE_RATE)));
    let said = '';
    for (let piece = 0; piece < pieces && !this.#abort.signal.aborted; piece += 1) {
      const delta = words.splice(0, Math.ceil(words.length / (pieces - piece))).join('');
      said += delta;
      this.#sendPiece(item, delta, pcm, piece, deltaMs);
      // Every piece is a task of its own: a cancel that has come in meanwhile is seen.
      await (everyMs > 0
        ? clock.sleep(everyMs, this.#abort.signal).catch(() => undefined)
        : new Promise((resolve) => setImmediate(resolve)));
    }
    if (this.#silenced) return;
    if (this.#abort.signal.aborted && lateMs > 0) {
      this.#sendPiece(item, '', pcm.subarray(0, msToSamples(lateMs, SAMPLE_RATE)), 0, lateMs);
    }
    this.#close(item, said);
  }

  #open(item: FakeItem): void {
    const { send } = this.#options;
    const index = this.#output.length;
    send({ type: 'response.output_item.added', response_id: this.id, output_index: index, item: item.item });
    send({ type: 'conversation.item.added', item: item.item });
    send({
      type: 'response.content_part.added',
      ...this.#place(item.id, index),
      part: { type: 'audio', transcript: '' },
    });
  }

  #sendPiece(item: FakeItem, words: string, pcm: Int16Array, piece: number, deltaMs: number): void {
    const { send } = this.#options;
    const place = this.#place(item.id, this.#output.length);
    if (words !== '') send({ type: 'response.output_audio_transcript.delta', ...place, delta: words });
    const length = msToSamples(deltaMs, SAMPLE_RATE);
    const part = pcm.subarray(piece * length, (piece + 1) * length);
    if (part.length === 0) return;
    item.audioMs += samplesToMs(part.length, SAMPLE_RATE);
    const delta = Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64');
    send({ type: 'response.output_audio.delta', ...place, delta });
  }

  #close(item: FakeItem, transcript: string): void {
    const { send } = this.#options;
    const index = this.#output.length;
    const place = this.#place(item.id, index);
    const whole: ConversationItem = {
      id: item.id,
      type: 'message',
      role: 'assistant',
      status: this.#abort.signal.aborted ? 'incomplete' : 'completed',
      content: [{ type: 'output_audio', transcript }],
    };
    send({ type: 'response.output_audio.done', ...place });
    send({ type: 'response.output_audio_transcript.done', ...place, transcript });
    send({ type: 'response.content_part.done', ...place, part: { type: 'audio', transcript } });
    this.#output.push(whole);
    send({ type: 'response.output_item.done', response_id: this.id, output_index: index, item: whole });
    send({ type: 'conversation.item.done', item: whole });
  }

  #call(name: string, args: string, callId: string): void {
    const { conversation, send } = this.#options;
    const call = { type: 'function_call' as const, name, arguments: args, call_id: callId };
    const { id, item } = conversation.add({ ...call, status: 'completed' });
    const output_index = this.#output.length;
    const ids = { response_id: this.id, item_id: id, output_index, call_id: callId };
    send({ type: 'response.output_item.added', response_id: this.id, output_index, item });
    send({ type: 'response.function_call_arguments.delta', ...ids, delta: args });
    send({ type: 'response.function_call_arguments.done', ...ids, name, arguments: args });
    this.#output.push(item);
    send({ type: 'response.output_item.done', response_id: this.id, output_index, item });
  }

  #end({ status, code }: Extract<FakeStep, { do: 'end' }>): void {
    const failed = { type: 'failed' as const, error: { type: 'server_error', code: code ?? 'server_error' } };
    const incomplete = {
      type: 'incomplete' as const,
      reason: (code ?? 'max_output_tokens') as 'max_output_tokens',
    };
    const details = status === 'failed' ? failed : status === 'incomplete' ? incomplete : undefined;
    this.#options.send({ type: 'response.done', response: this.#response(status, details) });
  }

  #endCancelled(reason: 'turn_detected' | 'client_cancelled'): void {
    const details = { type: 'cancelled' as const, reason };
    this.#options.send({ type: 'response.done', response: this.#response('cancelled', details) });
  }

  #place(itemId: string, index: number) {
    return { response_id: this.id, item_id: itemId, output_index: index, content_index: 0 };
  }

  #response(
    status: NonNullable<RealtimeResponse['status']>,
    details?: RealtimeResponse['status_details'],
  ): RealtimeResponse {
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      output: [...this.#output],
      ...(details === undefined ? {} : { status_details: details }),
    };
  }
}
