import { randomUUID } from 'node:crypto';
import type { Agent } from '../agents/agent.ts';
import { AgentError, type AppError, toAppError } from '../errors.ts';
import type { ClientMessage } from '../protocol/client-messages.ts';
import type { CloseReason } from '../protocol/close-codes.ts';
import type { Clock } from '../time/clock.ts';
import type { ConversationEvent } from './agent-connection.ts';
import { AgentLink } from './agent-link.ts';
import { Avatar } from './avatar.ts';
import { BackPressure } from './back-pressure.ts';
import { Faults } from './faults.ts';
import { History } from './history.ts';
import { Inbox } from './inbox.ts';
import { Microphone } from './microphone.ts';
import { type BargeIn, NO_OBSERVER, type Observe } from './observer.ts';
import { Outbox, type Transport } from './outbox.ts';
import { OpenQuestion } from './question.ts';
import type { SessionSettings } from './session-settings.ts';
import { ToolDesk } from './tool-desk.ts';
import { Turns } from './turns.ts';

/**
 * One browser's conversation, from its socket's opening to its closing: reads what the client sends, connects it with
 * the agent, and lets the answers be played. Everything it starts ends with its one signal.
 */
export class Session {
  readonly id = randomUUID();
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #observe: Observe;
  readonly #question = new OpenQuestion();
  readonly #abort = new AbortController();
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #faults: Faults;
  readonly #inbox: Inbox;
  readonly #pressure = new BackPressure();
  readonly #avatar: Avatar;
  readonly #history = new History();
  readonly #turns: Turns;
  readonly #tools: ToolDesk;
  readonly #link: AgentLink;
  readonly #microphone: Microphone;
  readonly #ended: Promise<void>;

  /** Greets the client with `config` and starts to open the agent; the transport is the session's from now on. */
  constructor(transport: Transport, settings: SessionSettings) {
    const { agent, clock, inputRate, outputRate } = settings;
    this.#agent = agent;
    this.#transport = transport;
    this.#clock = clock;
    const { observer = NO_OBSERVER, requestId } = settings;
    this.#observe = observer.session({ sessionId: this.id, requestId });
    this.#outbox = new Outbox(transport, clock);
    this.#faults = new Faults({
      log: settings.log.child({ sessionId: this.id }),
      outbox: this.#outbox,
      observe: this.#observe,
      signal: this.#abort.signal,
      close: (reason) => void this.close(reason),
    });
    this.#avatar = new Avatar(this.#outbox);
    this.#turns = new Turns({
      ...settings,
      sessionId: this.id,
      outbox: this.#outbox,
      avatar: this.#avatar,
      agentRate: agent.audio.outputRate,
      charsPerSecond: agent.charsPerSecond,
      mayPause: () => this.#tools.busy,
      onFault: (error) => this.#faults.report(error),
      onSaid: (text) => this.#history.add('assistant', text),
      onFrame: () => this.#pressure.update(this.#turns.heldMs),
      observe: this.#observe,
      question: this.#question,
    });
    this.#tools = new ToolDesk({
      tools: settings.tools,
      sessionId: this.id,
      clock,
      signal: this.#abort.signal,
      outbox: this.#outbox,
      avatar: this.#avatar,
      speaking: () => this.#turns.speaking,
      onResult: (callId, result) => this.#faults.guard(() => this.#link.sendToolResult(callId, result)),
      observe: this.#observe,
    });
    this.#link = new AgentLink({
      agent,
      clock,
      sessionId: this.id,
      instructions: settings.instructions,
      tools: agent.capabilities.tools ? settings.tools : [],
      history: (waiting) => this.#history.without(waiting),
      random: settings.random,
      signal: this.#abort.signal,
      ready: (signal) => this.#pressure.ready(signal),
      quiet: () => this.#turns.quiet(),
      answering: () => this.#turns.answering,
      onEvent: (event) => this.#faults.guard(() => this.#onAgentEvent(event)),
      onGone: () => {
        this.#turns.endAll();
        this.#tools.abandon();
      },
      begins: (turnId) => !this.#turns.knows(turnId),
      onUnwanted: (turnId) => this.#turns.refuse(turnId),
      onFault: (error) => this.#faults.report(error),
      observe: this.#observe,
    });
    this.#microphone = new Microphone({
      defaultRate: inputRate,
      agentRate: agent.audio.inputRate,
      onSound: (pcm) => this.#link.sendAudio(pcm),
      onEnd: () => this.#link.endAudio(),
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
    this.#ended = this.#link.run().catch((cause: unknown) => this.#faults.report(toAppError(cause)));
  }

  /** Whether the avatar is speaking in it. */
  get speaking(): boolean {
    return this.#turns.speaking;
  }

  /** Resolves when no answer is playing, waiting, or announced. */
  quiet(): Promise<void> {
    return this.#turns.quiet();
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
      this.#turns.close();
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
        this.#interrupt('text');
        this.#question.asked('text', this.#clock.now());
        // The widget waits for an echo of what was typed in it, and shows what its API sent by itself.
        if (message.userId === undefined) this.#sendUserText(message.data);
        this.#link.sendText(message.data);
        this.#history.add('user', message.data);
        break;
      case 'image': {
        const { type: _, ...image } = message;
        if (this.#agent.capabilities.vision) this.#link.sendImage(image);
        else this.#faults.report(new AgentError('agent_cannot_see', `${this.#agent.name} takes no pictures`));
        break;
      }
      case 'playback':
        this.#turns.reportPlayed(message.turnId, message.playedMs);
        break;
      case 'action_result':
        this.#tools.answer(message.callId, message.result);
        break;
      case 'audio_stream_start':
        this.#microphone.start(message.sampleRate);
        break;
      case 'audio_stream_end':
        this.#question.asked('microphone', this.#clock.now());
        this.#microphone.stop();
        break;
      case 'interrupt':
        this.#interrupt('interrupt');
        this.#question.withdraw();
        this.#link.takeBack(this.#tools.busy);
        break;
      case 'ping':
        this.#outbox.send({ type: 'pong' });
        break;
    }
  }

  #onAgentEvent(event: ConversationEvent): void {
    switch (event.type) {
      case 'turn_started':
      case 'audio':
      case 'text':
      case 'turn_ended':
        this.#turns.handle(event);
        this.#pressure.update(this.#turns.heldMs);
        if (event.type === 'turn_ended') this.#tools.answered();
        break;
      case 'fault':
        this.#faults.report(event.error);
        this.#tools.answered();
        break;
      case 'user_speaking':
        this.#interrupt('speech');
        this.#question.withdraw();
        break;
      case 'user_finished':
        this.#question.asked('speech', this.#clock.now());
        break;
      case 'user_text':
        // The widget would show partial texts as bubbles of their own.
        if (!event.final) break;
        this.#sendUserText(event.text, event.itemId);
        this.#history.add('user', event.text);
        break;
      case 'tool_call':
        if (!this.#turns.wasCutOff(event.turnId)) this.#tools.call(event);
        // The model may wait for a word all the same.
        else this.#link.sendToolResult(event.callId, { error: 'the user has interrupted' });
        break;
    }
  }

  #interrupt(by: BargeIn): void {
    const startedAtMs = this.#clock.now();
    const cutOff = this.#turns.interrupt();
    for (const { turnId, heard } of cutOff) this.#link.cancel(turnId, heard);
    this.#pressure.update(this.#turns.heldMs);
    if (cutOff.length === 0) return;
    this.#observe({ type: 'barge_in', by, tookMs: this.#clock.now() - startedAtMs });
  }

  #sendUserText(text: string, itemId?: string): void {
    this.#outbox.send({
      type: 'transcript_done',
      role: 'user',
      text,
      sessionId: this.id,
      turnId: `user_${randomUUID()}`,
      ...(itemId === undefined ? {} : { itemId }),
    });
  }
}
