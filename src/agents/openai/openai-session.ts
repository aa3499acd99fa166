import type { OpenAI } from 'openai';
import { AgentError } from '../../errors.ts';
import type { AgentSession, Heard, Image, OpenAgent } from '../agent.ts';
import { AnswerRequests } from './answer-requests.ts';
import { Answers } from './answers.ts';
import { Brake } from './brake.ts';
import * as compose from './client-events.ts';
import { Connection } from './connection.ts';
import { answerFault, readFault, whileOpening } from './errors.ts';
import { ServerEvents } from './events.ts';
import type { Oddities } from './oddities.ts';
import { closingSilenceMs, type OpenAISettings, sessionConfig } from './session-config.ts';
import { textIn, type Wire } from './wire.ts';

/** The handshake, `session.created` and `session.updated` together may take this long. */
const OPEN_TIMEOUT_MS = 10_000;

/** The API ends sessions at 60 minutes; a quiet moment to move to another is looked for from here on. */
const RENEW_AFTER_MS = 55 * 60_000;

/** Errors that say only that two messages crossed on their way. */
const HARMLESS = new Set(['response_cancel_not_active', 'input_audio_buffer_commit_empty']);

/** What every session of an {@link OpenAISession}'s agent shares. */
export interface OpenAIParts {
  readonly client: OpenAI;
  readonly settings: OpenAISettings;
  readonly oddities: Oddities;
}

/** A conversation over the Realtime API. Made by {@link openSession}. */
export class OpenAISession implements AgentSession {
  readonly #options: OpenAgent;
  readonly #parts: OpenAIParts;
  readonly #answers = new Answers();
  readonly #events: ServerEvents;
  readonly #requests: AnswerRequests;
  readonly #connection: Connection;
  readonly #brake: Brake;
  readonly #opened = Promise.withResolvers<void>();
  #phase: 'opening' | 'open' | 'over' = 'opening';
  #soundSent = false;
  #cancelRenewal: (() => void) | undefined;

  private constructor(options: OpenAgent, parts: OpenAIParts) {
    this.#options = options;
    this.#parts = parts;
    this.#events = new ServerEvents(this.#answers, parts.oddities);
    this.#requests = new AnswerRequests({
      send: (eventId) => {
        this.#connection.expectAnswer();
        this.#connection.send({ type: 'response.create', event_id: eventId });
      },
      busy: () => this.#answers.running.length > 0,
    });
    this.#connection = new Connection({
      client: parts.client,
      model: parts.settings.OPENAI_MODEL,
      clock: options.clock,
      listener: {
        onEvent: (event) => this.#receive(event),
        onGarbage: () => parts.oddities.note('no event'),
        onGone: (error) => this.#gone(error),
        answering: () => this.#requests.pending || this.#answers.running.length > 0,
      },
    });
    this.#brake = new Brake(options, this.#connection);
  }

  /**
   * Connects, sets the session up and tells it the history.
   *
   * @throws AgentError when it cannot be reached or refuses the settings; the signal's reason when aborted.
   */
  static async open(options: OpenAgent, parts: OpenAIParts): Promise<OpenAISession> {
    const { clock, signal } = options;
    signal.throwIfAborted();
    const session = new OpenAISession(options, parts);
    const { promise, reject } = session.#opened;
    const abort = () => {
      reject(signal.reason);
      void session.close();
    };
    signal.addEventListener('abort', abort, { once: true });
    const cancelTimeout = clock.at(clock.now() + OPEN_TIMEOUT_MS, () =>
      reject(new AgentError('agent_unavailable', 'OpenAI did not answer in time', { retryable: true })),
    );
    try {
      await promise;
    } catch (error) {
      signal.removeEventListener('abort', abort);
      void session.close();
      throw error;
    } finally {
      cancelTimeout();
    }
    return session;
  }

  sendAudio(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#soundSent = true;
    this.#connection.send(compose.sound(pcm));
  }

  endAudio(): void {
    if (!this.#soundSent) return;
    this.#soundSent = false;
    for (const event of compose.silence(closingSilenceMs(this.#parts.settings))) this.#connection.send(event);
  }

  sendText(text: string): void {
    for (const answer of this.#answers.running) this.#stop(answer.id);
    this.#requests.regret();
    this.#connection.send(compose.userText(text));
    this.#requests.want();
  }

  sendImage(image: Image): void {
    if (image.mimeType !== 'image/webp') {
      this.#connection.send(compose.userImage(image));
      return;
    }
    const publicMessage = 'The voice agent takes JPEG and PNG pictures only.';
    this.#report(new AgentError('agent_cannot_see', 'OpenAI takes no WebP pictures', { publicMessage }));
  }

  sendToolResult(callId: string, result: unknown): void {
    const answer = this.#answers.caller(callId);
    if (answer === undefined) return;
    this.#connection.send(compose.toolResult(callId, result));
    answer.pendingCalls.delete(callId);
    if (answer.done) this.#followUp(answer.id);
  }

  cancel(turnId: string, heard: Heard): void {
    const answer = this.#answers.get(turnId);
    if (answer === undefined || answer.cancelled) return;
    this.#stop(turnId);
    for (const cut of answer.cut(heard.ms)) this.#connection.send(compose.truncation(cut));
  }

  async close(): Promise<void> {
    this.#phase = 'over';
    this.#cancelRenewal?.();
    await this.#connection.close();
  }

  #receive(event: Wire): void {
    if (this.#phase === 'over' || this.#options.signal.aborted) return;
    switch (textIn(event, 'type')) {
      case 'session.created':
        this.#setUp();
        break;
      case 'session.updated':
        this.#ready();
        break;
      case 'error':
        this.#onError(event);
        return;
    }
    for (const said of this.#events.read(event)) {
      switch (said.type) {
        case 'turn_started':
          if (this.#requests.begun()) this.#refuse(said.turnId);
          break;
        case 'turn_ended':
          this.#settle(said.turnId);
          break;
        case 'audio':
          this.#brake.sound();
          break;
      }
      if (!('turnId' in said && this.#answers.get(said.turnId)?.unwanted)) this.#options.sink.emit(said);
    }
    this.#requests.next();
  }

  #setUp(): void {
    const { instructions, tools, history } = this.#options;
    if (this.#phase !== 'opening') return;
    this.#connection.send(compose.sessionUpdate(sessionConfig(this.#parts.settings, instructions, tools)));
    for (const utterance of history) this.#connection.send(compose.remembered(utterance));
  }

  #ready(): void {
    const { clock, sink } = this.#options;
    if (this.#phase !== 'opening') return;
    this.#phase = 'open';
    this.#cancelRenewal = clock.at(clock.now() + RENEW_AFTER_MS, () => sink.emit({ type: 'expiring' }));
    this.#opened.resolve();
  }

  #onError(event: Wire): void {
    const fault = readFault(event);
    const kind = fault.code ?? fault.type ?? 'unnamed';
    if (fault.eventId === compose.SETUP_EVENT_ID) {
      // Nothing but other settings helps; `retryable` would let every conversation knock for ever.
      this.#gone(
        new AgentError(
          'agent_unavailable',
          `OpenAI refused the settings: ${kind}, ${fault.param ?? 'no field named'}`,
        ),
      );
    } else if (kind === 'conversation_already_has_active_response') {
      this.#requests.refusedAsBusy();
    } else if (this.#requests.refused(fault.eventId) || fault.type === 'server_error') {
      this.#report(answerFault(kind));
    } else if (!HARMLESS.has(kind)) {
      this.#parts.oddities.note(`error ${kind}`, { param: fault.param });
    }
  }

  /** The connection has ended by itself. */
  #gone(error: AgentError): void {
    const wasOpen = this.#phase === 'open';
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#cancelRenewal?.();
    if (wasOpen) this.#options.sink.emit({ type: 'lost', error });
    else this.#opened.reject(whileOpening(error));
  }

  /** Stops an answer that is being made, unless that has been done. */
  #stop(answerId: string): void {
    const answer = this.#answers.get(answerId);
    if (answer === undefined || answer.done || answer.stopping) return;
    answer.stopping = true;
    this.#connection.send({ type: 'response.cancel', response_id: answer.id });
  }

  /** An answer begins that was asked for before the user asked something else. */
  #refuse(answerId: string): void {
    const answer = this.#answers.get(answerId);
    if (answer === undefined) return;
    answer.unwanted = true;
    this.cancel(answerId, { ms: 0, text: '' });
  }

  /** An answer is complete: what came of a cancelled one since is forgotten, the tools it called are heard. */
  #settle(answerId: string): void {
    const answer = this.#answers.get(answerId);
    if (answer?.cancelled) {
      for (const cut of answer.cut(0)) this.#connection.send(compose.truncation(cut));
    }
    this.#followUp(answerId);
  }

  /** Once every tool an answer called has answered, the model is asked to go on. */
  #followUp(answerId: string): void {
    const answer = this.#answers.get(answerId);
    if (answer === undefined || answer.cancelled || !answer.hasCalls || answer.pendingCalls.size > 0) return;
    answer.hasCalls = false;
    this.#requests.want();
  }

  /** Tells the user of a fault that belongs to no answer. */
  #report(error: AgentError): void {
    this.#options.sink.emit({ type: 'fault', error });
  }
}
