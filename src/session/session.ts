import { randomUUID } from 'node:crypto';
import type { AppError } from '../errors.ts';
import type { ClientMessage } from '../protocol/client-messages.ts';
import type { CloseReason } from '../protocol/close-codes.ts';
import { Conversation } from './conversation.ts';
import { Faults } from './faults.ts';
import { Inbox } from './inbox.ts';
import { Microphone } from './microphone.ts';
import { NO_OBSERVER, type Observe } from './observer.ts';
import { Outbox, type Transport } from './outbox.ts';
import type { SessionSettings } from './session-settings.ts';

/**
 * One browser's visit, from its socket's opening to its closing: reads what the client sends, and does what it asks for in
 * its conversation with the agent. Everything it starts ends with its one signal.
 */
export class Session {
  readonly id = randomUUID();
  readonly #observe: Observe;
  readonly #abort = new AbortController();
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #faults: Faults;
  readonly #inbox: Inbox;
  readonly #conversation: Conversation;
  readonly #microphone: Microphone;
  readonly #ended: Promise<void>;

  /** Greets the client with `config` and starts to open the agent; the transport is the session's from now on. */
  constructor(transport: Transport, settings: SessionSettings) {
    const { agent, clock, inputRate, outputRate, observer = NO_OBSERVER, requestId } = settings;
    const { signal } = this.#abort;
    this.#transport = transport;
    this.#observe = observer.session({ sessionId: this.id, requestId });
    this.#outbox = new Outbox(transport, clock);
    this.#faults = new Faults({
      log: settings.log.child({ sessionId: this.id }),
      outbox: this.#outbox,
      observe: this.#observe,
      signal,
      close: (reason) => void this.close(reason),
    });
    this.#conversation = new Conversation({
      sessionId: this.id,
      settings,
      outbox: this.#outbox,
      faults: this.#faults,
      observe: this.#observe,
      signal,
    });
    this.#microphone = new Microphone({
      defaultRate: inputRate,
      agentRate: agent.audio.inputRate,
      onSound: (pcm) => this.#conversation.hear(pcm),
      onEnd: () => this.#conversation.heardAll(),
    });
    this.#inbox = new Inbox({
      clock,
      microphoneRate: () => this.#microphone.rate,
      onMessage: (message) => this.#obey(message),
      onFault: (error) => this.#faults.report(error),
    });
    this.#outbox.send({
      type: 'config',
      audio: { inputSampleRate: inputRate, outputSampleRate: outputRate },
    });
    this.#ended = this.#conversation.run();
  }

  /** Whether the avatar is speaking in it. */
  get speaking(): boolean {
    return this.#conversation.speaking;
  }

  /** Resolves when what is under way now is answered and heard; what is only expected is not waited for without end. */
  quiet(): Promise<void> {
    return this.#conversation.answered();
  }

  /** One message from the client, as it came. Never throws. */
  receive(data: Buffer, isBinary: boolean): void {
    if (this.#abort.signal.aborted) return;
    this.#faults.guard(() => this.#inbox.receive(data, isBinary));
  }

  /** Tells the client why its conversation ends, and ends it. */
  dismiss(error: AppError): void {
    this.#faults.report(error);
  }

  /** Ends the conversation: nothing is sent any more. Resolves when everything it started has ended. */
  async close(reason?: CloseReason): Promise<void> {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort(new DOMException('session closed', 'AbortError'));
      this.#observe({ type: 'session_over' });
      if (reason !== undefined) this.#transport.close(reason);
    }
    await this.#ended;
  }

  #obey(message: ClientMessage): void {
    switch (message.type) {
      case 'audio':
        this.#observe({ type: 'heard', pcm: message.pcm, sampleRate: this.#microphone.rate });
        this.#microphone.push(message.pcm);
        break;
      case 'text':
        // The widget waits for an echo of what was typed in it, and shows what its API sent by itself.
        this.#conversation.typed(message.data, message.userId !== undefined);
        break;
      case 'image': {
        const { type: _, ...image } = message;
        this.#conversation.see(image);
        break;
      }
      case 'playback':
        this.#conversation.played(message.turnId, message.playedMs);
        break;
      case 'action_result':
        this.#conversation.toolAnswered(message.callId, message.result);
        break;
      case 'audio_stream_start':
        this.#conversation.listen();
        this.#microphone.start(message.sampleRate);
        break;
      case 'audio_stream_end':
        this.#conversation.spoken();
        this.#microphone.stop();
        break;
      case 'interrupt':
        this.#conversation.interrupt();
        break;
      case 'ping':
        this.#outbox.send({ type: 'pong' });
        break;
    }
  }
}
