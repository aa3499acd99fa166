import { randomUUID } from 'node:crypto';
import type { Image } from '../agents/agent.ts';
import { AgentError, toAppError } from '../errors.ts';
import type { ConversationEvent } from './agent-connection.ts';
import { AgentLink } from './agent-link.ts';
import { Avatar } from './avatar.ts';
import { BackPressure } from './back-pressure.ts';
import type { ConversationOptions } from './conversation-options.ts';
import { History } from './history.ts';
import type { BargeIn } from './observer.ts';
import { OpenQuestion } from './question.ts';
import { Rest } from './rest.ts';
import { ToolDesk } from './tool-desk.ts';
import { Turns } from './turns.ts';

/**
 * What is between one client and the agent: what the user says, types and shows goes to it, its answers are played, its
 * tools are run, and what was said is remembered.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #question = new OpenQuestion();
  readonly #pressure = new BackPressure();
  readonly #history = new History();
  readonly #turns: Turns;
  readonly #tools: ToolDesk;
  readonly #link: AgentLink;
  readonly #rest: Rest;
  /** How often the user has begun something: spoken, typed, interrupted. */
  #begun = 0;

  constructor(options: ConversationOptions) {
    const { sessionId, settings, outbox, faults, observe, signal } = options;
    const { agent, clock } = settings;
    const avatar = new Avatar(outbox);
    this.#options = options;
    this.#turns = new Turns({
      ...settings,
      sessionId,
      outbox,
      avatar,
      agentRate: agent.audio.outputRate,
      charsPerSecond: agent.charsPerSecond,
      mayPause: () => this.#tools.busy,
      onFault: (error) => faults.report(error),
      onSaid: (text) => this.#history.add('assistant', text),
      onFrame: () => this.#pressure.update(this.#turns.heldMs),
      onQuiet: () => {
        this.#tools.answered();
        this.#rest.look();
      },
      observe,
      question: this.#question,
    });
    this.#tools = new ToolDesk({
      tools: settings.tools,
      sessionId,
      clock,
      signal,
      outbox,
      avatar,
      speaking: () => this.#turns.speaking,
      wasCutOff: (turnId) => this.#turns.wasCutOff(turnId),
      onResult: (callId, result, isAwaited) =>
        faults.guard(() => {
          if (isAwaited && !this.#turns.answering) this.#question.owed(clock.now());
          this.#link.sendToolResult(callId, result);
        }),
      observe,
    });
    this.#link = new AgentLink({
      agent,
      clock,
      sessionId,
      instructions: settings.instructions,
      tools: agent.capabilities.tools ? settings.tools : [],
      history: (waiting) => this.#history.soFar(this.#turns.saying, waiting),
      random: settings.random,
      signal,
      ready: (ready) => this.#pressure.ready(ready),
      quiet: () => this.#rest.whenQuiet(),
      owing: () => this.#turns.answering || this.#isExpecting,
      onEvent: (event) => faults.guard(() => this.#onAgentEvent(event)),
      onGone: (again) => {
        if (!again) this.#question.withdraw();
        this.#turns.endAll();
        this.#tools.abandon();
        this.#rest.look();
      },
      begins: (turnId) => !this.#turns.knows(turnId),
      onUnwanted: (turnId) => {
        this.#question.withdraw();
        this.#turns.refuse(turnId);
      },
      onFault: (error) => faults.report(error),
      observe,
    });
    this.#rest = new Rest({
      clock,
      signal,
      answering: () => this.#turns.busy,
      expecting: () => this.#isExpecting,
      begun: () => this.#begun,
    });
    signal.addEventListener('abort', () => this.#close(), { once: true });
  }

  /** Opens the agent, and keeps it open; resolves when the signal has aborted and the agent is closed. Never rejects. */
  run(): Promise<void> {
    const { faults } = this.#options;
    return this.#link.run().catch((cause: unknown) => faults.report(toAppError(cause)));
  }

  /** Whether the avatar is speaking. */
  get speaking(): boolean {
    return this.#turns.speaking;
  }

  /** See {@link Rest.whenAnswered}. */
  answered(): Promise<void> {
    return this.#rest.whenAnswered();
  }

  /** The user's sound, at the agent's rate. */
  hear(pcm: Int16Array): void {
    this.#link.sendAudio(pcm);
  }

  /** The user's sound ends here: the microphone was closed. */
  heardAll(): void {
    this.#link.endAudio();
  }

  /** The user opens the microphone, to ask something. */
  listen(): void {
    this.#link.askedAnew();
  }

  /** The user closes the microphone: this was the question. */
  spoken(): void {
    this.#link.askedAnew();
    this.#question.asked('microphone', this.#options.settings.clock.now());
  }

  /** The user has typed something; `shown`: the client shows it by itself, and waits for no echo. */
  typed(text: string, shown: boolean): void {
    this.#question.asked('text', this.#options.settings.clock.now());
    this.#interrupt('text');
    if (!shown) this.#showUserText(text);
    this.#link.sendText(text);
    this.#history.add('user', text);
  }

  /** The user shows a picture. */
  see(image: Image): void {
    const { agent } = this.#options.settings;
    if (agent.capabilities.vision) this.#link.sendImage(image);
    else this.#options.faults.report(new AgentError('agent_cannot_see', `${agent.name} takes no pictures`));
  }

  /** The page answers a tool's call. */
  toolAnswered(callId: string, result: unknown): void {
    this.#tools.answer(callId, result);
  }

  /** The client says how much it has played of the turn it knows by this name. */
  played(turnId: string, playedMs: number): void {
    this.#turns.reportPlayed(turnId, playedMs);
  }

  /** The user wants no answer, neither the one that is played nor one that is still to come. */
  interrupt(): void {
    this.#question.withdraw();
    this.#interrupt('interrupt');
    this.#link.takeBack(this.#tools.busy);
  }

  /** Whether an answer is to be expected. */
  get #isExpecting(): boolean {
    return this.#tools.busy || this.#question.isOpen(this.#options.settings.clock.now());
  }

  #close(): void {
    this.#turns.close();
    this.#rest.look();
  }

  #onAgentEvent(event: ConversationEvent): void {
    const { faults, settings } = this.#options;
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
        faults.report(event.error);
        this.#tools.answered();
        break;
      case 'user_speaking':
        this.#question.begun(settings.clock.now());
        this.#interrupt('speech');
        break;
      case 'user_finished':
        this.#question.asked('speech', settings.clock.now());
        break;
      case 'user_text':
        // The widget would show partial texts as bubbles of their own.
        if (!event.final) break;
        this.#showUserText(event.text, event.itemId);
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
    const { observe, settings } = this.#options;
    const startedAtMs = settings.clock.now();
    this.#begun += 1;
    const cutOff = this.#turns.interrupt();
    for (const { turnId, heard } of cutOff) this.#link.cancel(turnId, heard);
    this.#pressure.update(this.#turns.heldMs);
    this.#rest.look();
    if (cutOff.length === 0) return;
    observe({ type: 'barge_in', by, tookMs: settings.clock.now() - startedAtMs });
  }

  #showUserText(text: string, itemId?: string): void {
    const { outbox, sessionId } = this.#options;
    outbox.send({
      type: 'transcript_done',
      role: 'user',
      text,
      sessionId,
      turnId: `user_${randomUUID()}`,
      ...(itemId === undefined ? {} : { itemId }),
    });
  }
}
