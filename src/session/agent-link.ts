import type { AgentSession, Heard, Image } from '../agents/agent.ts';
import { msToSamples } from '../audio/pcm.ts';
import { SampleQueue } from '../audio/sample-queue.ts';
import type { AgentError } from '../errors.ts';
import { type ConversationEvent, connect, type Ending } from './agent-connection.ts';
import type { AgentLinkOptions } from './agent-link-options.ts';
import type { OpeningReason } from './observer.ts';

/** While the agent is away, this much of the user's sound is kept for it (the newest), and this many texts. */
const MAX_BACKLOG_MS = 2000;
const MAX_WAITING_TEXTS = 20;

/** Reopening waits 1 s, 2 s, 4 s … up to this, each shortened at random by up to half, so that nodes do not march. */
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;

/** A connection that held this long was a good one: the pauses begin anew. */
const STABLE_MS = 10_000;

type State =
  | { readonly kind: 'away' }
  | { readonly kind: 'open'; readonly session: AgentSession }
  | { readonly kind: 'refused'; readonly error: AgentError };

/**
 * One conversation's connection to the agent, which may come and go: opens it, keeps what the user says meanwhile,
 * renews it before it expires, reopens it with growing pauses. The browser's socket never notices. Ends with its signal.
 */
export class AgentLink {
  readonly #options: AgentLinkOptions;
  #state: State = { kind: 'away' };
  /** The user's sound while the agent is away, and whether the microphone was closed after it. */
  readonly #backlog = new SampleQueue();
  #backlogEnded = false;
  #texts: string[] = [];
  /** The last text sent, while no answer has begun: should the connection break, it is asked again. */
  #unanswered: string | undefined;
  /** The user wants no answer to what was asked last, and it may still begin. */
  #takenBack = false;
  #resumeHandle: string | undefined;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
  }

  /** Sound at the agent's input rate; while the agent is away the newest of it is kept. */
  sendAudio(pcm: Int16Array): void {
    if (this.#state.kind === 'open') {
      this.#state.session.sendAudio(pcm);
      return;
    }
    this.#backlog.push(pcm);
    this.#backlogEnded = false;
    const excess = this.#backlog.length - msToSamples(MAX_BACKLOG_MS, this.#options.agent.audio.inputRate);
    if (excess > 0) this.#backlog.take(excess);
  }

  /** The user closed the microphone. */
  endAudio(): void {
    if (this.#session === undefined) this.#backlogEnded = this.#backlog.length > 0;
    else this.#session.endAudio();
  }

  /** Typed text; while the agent is away it waits. */
  sendText(text: string): void {
    switch (this.#state.kind) {
      case 'open':
        this.#ask(this.#state.session, text);
        break;
      case 'away':
        this.#texts.push(text);
        if (this.#texts.length > MAX_WAITING_TEXTS) this.#texts.shift();
        break;
      case 'refused':
        this.#options.onFault(this.#state.error);
        break;
    }
  }

  /** A picture; while the agent is away it is lost, as pictures are of the moment. */
  sendImage(image: Image): void {
    this.#session?.sendImage?.(image);
  }

  /** A tool's answer, to the connection that asked. */
  sendToolResult(callId: string, result: unknown): void {
    this.#session?.sendToolResult?.(callId, result);
  }

  /**
   * The user wants no answer any more to what was asked: texts that wait are forgotten, and should an answer begin
   * before something else is asked, it is cut off at once.
   *
   * @param owed whether the agent owes an answer although no text waits for one, as after a tool's
   */
  takeBack(owed: boolean): void {
    if (owed || this.#unanswered !== undefined) this.#takenBack = true;
    this.#unanswered = undefined;
    this.#texts = [];
  }

  /** The user asks something else: an answer is wanted again. */
  askedAnew(): void {
    this.#takenBack = false;
  }

  /** Tells the agent that an answer was cut off. */
  cancel(turnId: string, heard: Heard): void {
    this.#session?.cancel(turnId, heard);
  }

  /** Keeps the agent open until the signal aborts; then closes it and resolves. Never rejects. */
  async run(): Promise<void> {
    const { agent, signal, clock, random, onFault } = this.#options;
    const maxRetryMs = agent.maxRetryMs ?? MAX_RETRY_MS;
    let failures = 0;
    let told = false;
    let reason: OpeningReason = 'first';
    while (!signal.aborted) {
      const openedAt = clock.now();
      let cutShort = false;
      const ending = await this.#converse(reason, () => {
        cutShort = this.#unanswered === undefined && this.#options.owing();
      });
      if (signal.aborted) return;
      const stable = clock.now() - openedAt >= STABLE_MS;
      if (ending.kind === 'renew') {
        reason = 'renewal';
        if (stable) {
          failures = 0;
          continue;
        }
      } else {
        const { error, opened } = ending;
        reason = 'retry';
        if (opened) told = false;
        if (opened && stable) failures = 0;
        if (!told && (cutShort || !opened || !error.retryable)) {
          told = true;
          onFault(error);
        }
        if (!error.retryable) {
          this.#refuse(error);
          return;
        }
      }
      // A connection that expires as soon as it is there is no better than one that breaks.
      const retryAfterMs = ending.kind === 'failed' ? (ending.error.retryAfterMs ?? 0) : 0;
      const pauseMs = Math.min(maxRetryMs, FIRST_RETRY_MS * 2 ** failures) * (1 - random() / 2);
      failures += 1;
      // Aborted while it sleeps: the loop ends.
      await clock.sleep(Math.max(pauseMs, retryAfterMs), signal).catch(() => undefined);
    }
  }

  get #session(): AgentSession | undefined {
    return this.#state.kind === 'open' ? this.#state.session : undefined;
  }

  /** One connection, from its opening to its end. */
  async #converse(reason: OpeningReason, onEnd: () => void): Promise<Ending> {
    const { agent, sessionId, clock, signal, ready, tools, quiet, onEvent, onGone, observe } = this.#options;
    const ending = await connect({
      agent,
      signal,
      ready,
      quiet,
      open: {
        sessionId,
        clock,
        tools,
        instructions: this.#options.instructions(),
        history: this.#options.history(this.#texts),
        ...(this.#resumeHandle === undefined ? {} : { resumeHandle: this.#resumeHandle }),
      },
      observe,
      reason,
      onOpen: (session) => this.#opened(session),
      onEnd: () => {
        this.#state = { kind: 'away' };
        onEnd();
        if (signal.aborted) return;
        if (this.#unanswered !== undefined) this.#texts.unshift(this.#unanswered);
        this.#unanswered = undefined;
        this.#takenBack = false;
        onGone(this.#texts.length > 0);
      },
      onEvent: (event) => {
        this.#notice(event);
        onEvent(event);
      },
      onResumable: (handle) => {
        this.#resumeHandle = handle;
      },
    });
    // A handle that could not be opened with is worth nothing.
    if (ending.kind === 'failed' && !ending.opened) this.#resumeHandle = undefined;
    return ending;
  }

  /** Keeps track of what is asked and what is answered. */
  #notice(event: ConversationEvent): void {
    switch (event.type) {
      case 'user_speaking':
      case 'user_finished':
      case 'user_text':
        this.askedAnew();
        break;
      case 'turn_started':
      case 'audio':
      case 'text':
      case 'tool_call':
        if (!this.#options.begins(event.turnId)) break;
        this.#unanswered = undefined;
        if (!this.#takenBack) break;
        this.#takenBack = false;
        this.#options.onUnwanted(event.turnId);
        this.cancel(event.turnId, { ms: 0, text: '' });
        break;
    }
  }

  #opened(session: AgentSession): void {
    this.#state = { kind: 'open', session };
    const texts = this.#texts;
    this.#texts = [];
    for (const text of texts) this.#ask(session, text);
    if (this.#backlog.length > 0) session.sendAudio(this.#backlog.take(this.#backlog.length));
    if (this.#backlogEnded) session.endAudio();
    this.#backlogEnded = false;
  }

  #ask(session: AgentSession, text: string): void {
    this.#unanswered = text;
    this.#takenBack = false;
    session.sendText(text);
  }

  #refuse(error: AgentError): void {
    this.#state = { kind: 'refused', error };
    this.#texts = [];
    this.#backlog.clear();
  }
}
