import type { RealtimeClientEvent, RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Clock } from '../time/clock.ts';
import { FakeConversation, type FakeRefusal, fakeId, invalid } from './fake-openai-conversation.ts';
import type { ClientEventOf, FakeServerEvent } from './fake-openai-events.ts';
import { FakeHearing } from './fake-openai-hearing.ts';
import { FakeResponse } from './fake-openai-response.ts';
import type { FakeQuestion, FakeStep } from './fake-openai-script.ts';
import { refusalOfSession, updatedSession } from './fake-openai-session-rules.ts';

/** Quiet that ends a turn for semantic_vad; the real one listens to the words. */
const SEMANTIC_SILENCE_MS = 800;

/** Less sound than this cannot be committed: 100 ms. */
const LEAST_COMMIT_BYTES = 4800;

/** What a {@link FakeSession} needs. */
export interface FakeSessionOptions {
  readonly clock: Clock;
  readonly answer: (question: Omit<FakeQuestion, 'connection'>) => readonly FakeStep[];
  readonly transcribe: () => string;
  /** Sound that still comes after an answer was cancelled. */
  readonly lateMs: number;
  readonly send: (event: FakeServerEvent) => void;
  readonly sendRaw: (event: unknown) => void;
  readonly cut: (how: 'reset' | 'stall') => void;
  readonly close: (code: number, reason: string) => void;
  /** Something has come to an end by itself. */
  readonly onChange: () => void;
}

/** The API's side of one session: obeys and refuses the client's events as the GA Realtime API does. */
export class FakeSession {
  readonly conversation = new FakeConversation();
  /** Every `error` it answered with, by its code. */
  readonly refusals: string[] = [];
  /** The session as the client has set it up. */
  settings: RealtimeSessionCreateRequest = { type: 'realtime' };
  readonly #options: FakeSessionOptions;
  readonly #hearing: FakeHearing;
  #response: FakeResponse | undefined;
  /** The last response's end: there is one at a time, and a new one waits for an interrupted one. */
  #ended: Promise<void> = Promise.resolve();
  #bufferedBytes = 0;
  #answers = 0;

  constructor(options: FakeSessionOptions) {
    this.#options = options;
    this.#hearing = new FakeHearing({
      onSpeech: (audioStartMs) => this.speechStarted(audioStartMs),
      onSilence: (audioEndMs) => this.speechStopped(audioEndMs, options.transcribe()),
    });
  }

  /** Whether a response is being made. */
  get answering(): boolean {
    return this.#response !== undefined;
  }

  /** The connection is gone: nothing is said any more. */
  drop(): void {
    this.#response?.drop();
  }

  /** The user begins to speak: what is being said is interrupted, as `interrupt_response` wants. */
  speechStarted(audioStartMs: number): void {
    const item_id = fakeId('item');
    this.#options.send({ type: 'input_audio_buffer.speech_started', audio_start_ms: audioStartMs, item_id });
    const turns = this.settings.audio?.input?.turn_detection;
    if (turns?.interrupt_response !== false) this.#response?.cancel('turn_detected');
  }

  /** The user has finished: the sound becomes an item, is transcribed, and answered, as `create_response` wants. */
  speechStopped(audioEndMs: number, transcript: string): void {
    const item_id = fakeId('item');
    this.#options.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: audioEndMs, item_id });
    this.#commit(item_id, transcript);
    const turns = this.settings.audio?.input?.turn_detection;
    if (turns?.create_response !== false) this.#respond();
  }

  /** Answers unasked, also beside another answer. */
  respondAnyway(steps: readonly FakeStep[]): void {
    void this.#newResponse(steps).run();
  }

  /** Answers with an `error` event. */
  refuse({ code, message, param }: FakeRefusal, eventId?: string): void {
    this.refusals.push(code);
    this.#options.send({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code,
        message,
        param: param ?? null,
        event_id: eventId ?? null,
      },
    });
  }

  /** Takes an event of the client's. */
  obey(event: RealtimeClientEvent): void {
    switch (event.type) {
      case 'session.update':
        this.#update(event);
        break;
      case 'conversation.item.create':
        this.#create(event);
        break;
      case 'conversation.item.truncate':
        this.#truncate(event);
        break;
      case 'conversation.item.delete':
        this.#delete(event);
        break;
      case 'input_audio_buffer.append':
        this.#append(event);
        break;
      case 'input_audio_buffer.commit':
        this.#commitOnDemand(event);
        break;
      case 'input_audio_buffer.clear':
        this.#bufferedBytes = 0;
        this.#options.send({ type: 'input_audio_buffer.cleared' });
        break;
      case 'response.create':
        if (this.#response === undefined) this.#respond();
        // As the real one does it: without saying which event it refuses.
        else this.refuse({ code: 'conversation_already_has_active_response', message: 'Busy.' });
        break;
      case 'response.cancel':
        this.#cancel(event);
        break;
      default:
        this.refuse(invalid('type', `Invalid value: '${String(event.type)}'.`));
    }
  }

  #update(event: ClientEventOf<'session.update'>): void {
    const refusal = refusalOfSession(event.session);
    if (refusal !== undefined) {
      this.refuse(refusal, event.event_id);
      return;
    }
    this.settings = updatedSession(this.settings, event.session as RealtimeSessionCreateRequest); // just checked
    this.#options.send({ type: 'session.updated', session: this.settings });
  }

  #create({ item, event_id }: ClientEventOf<'conversation.item.create'>): void {
    const refusal = this.conversation.refusalOf(item);
    if (refusal !== undefined) {
      this.refuse(refusal, event_id);
      return;
    }
    const added = this.conversation.add(item);
    this.#options.send({ type: 'conversation.item.added', item: added.item });
    this.#options.send({ type: 'conversation.item.done', item: added.item });
  }

  #truncate({
    item_id,
    content_index,
    audio_end_ms,
    event_id,
  }: ClientEventOf<'conversation.item.truncate'>): void {
    const refusal = this.conversation.truncate(item_id, content_index, audio_end_ms);
    if (refusal !== undefined) this.refuse(refusal, event_id);
    else this.#options.send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
  }

  #delete({ item_id, event_id }: ClientEventOf<'conversation.item.delete'>): void {
    if (this.conversation.remove(item_id)) this.#options.send({ type: 'conversation.item.deleted', item_id });
    else this.refuse(invalid('item_id', 'No such item.'), event_id);
  }

  #append({ audio, event_id }: ClientEventOf<'input_audio_buffer.append'>): void {
    const bytes = typeof audio === 'string' ? Buffer.from(audio, 'base64') : undefined;
    const strict = bytes !== undefined && bytes.length > 0 && bytes.toString('base64') === audio;
    if (!strict || bytes.length % 2 === 1) {
      this.refuse(invalid('audio', 'Invalid audio.'), event_id);
      return;
    }
    this.#bufferedBytes += bytes.length;
    const turns = this.settings.audio?.input?.turn_detection;
    if (turns === null) return;
    const silenceMs =
      turns?.type === 'semantic_vad' ? SEMANTIC_SILENCE_MS : (turns?.silence_duration_ms ?? 500);
    this.#hearing.push(new Int16Array(new Uint8Array(bytes).buffer), silenceMs);
  }

  #commitOnDemand({ event_id }: ClientEventOf<'input_audio_buffer.commit'>): void {
    if (this.#bufferedBytes >= LEAST_COMMIT_BYTES) this.#commit(fakeId('item'), this.#options.transcribe());
    else this.refuse({ code: 'input_audio_buffer_commit_empty', message: 'Buffer too small.' }, event_id);
  }

  #commit(id: string, transcript: string): void {
    const { send } = this.#options;
    this.#bufferedBytes = 0;
    const content = [{ type: 'input_audio' as const, transcript }];
    const { item } = this.conversation.add({ type: 'message', role: 'user', content }, id);
    send({ type: 'input_audio_buffer.committed', item_id: id });
    send({ type: 'conversation.item.added', item });
    send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: id,
      content_index: 0,
      transcript,
      usage: { type: 'duration', seconds: 1 },
    });
  }

  #cancel({ response_id, event_id }: ClientEventOf<'response.cancel'>): void {
    const wrong = response_id !== undefined && response_id !== this.#response?.id;
    if (this.#response !== undefined && !wrong) this.#response.cancel('client_cancelled');
    else this.refuse({ code: 'response_cancel_not_active', message: 'No active response.' }, event_id);
  }

  #respond(): void {
    const { answer, onChange } = this.#options;
    const response = this.#newResponse(answer({ ...this.#question(), index: this.#answers }));
    this.#answers += 1;
    this.#response = response;
    this.#ended = this.#ended
      .then(() => response.run())
      .then(() => {
        if (this.#response === response) this.#response = undefined;
        onChange();
      });
  }

  #newResponse(steps: readonly FakeStep[]): FakeResponse {
    return new FakeResponse({ ...this.#options, conversation: this.conversation, steps });
  }

  #question(): Pick<FakeQuestion, 'kind' | 'text'> {
    const item = this.conversation.lastHeard;
    if (item?.type === 'function_call_output') return { kind: 'tool', text: item.output };
    if (item?.type !== 'message' || item.role !== 'user') return { kind: 'nothing', text: '' };
    const parts = item.content;
    if (parts.some(({ type }) => type === 'input_image')) return { kind: 'image', text: '' };
    const spoken = parts.some(({ type }) => type === 'input_audio');
    const text = parts.map((part) => part.text ?? part.transcript ?? '').join(' ');
    return { kind: spoken ? 'speech' : 'text', text };
  }
}
