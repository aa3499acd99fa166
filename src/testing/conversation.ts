import type {
  Agent,
  AgentEvent,
  AgentSession,
  AgentSink,
  OpenAgent,
  ToolDefinition,
  Utterance,
} from '../agents/agent.ts';
import { type Clock, systemClock } from '../time/clock.ts';

/** What is waited for comes within this time, or never. */
const PATIENCE_MS = 10_000;

/** How a {@link Conversation} is opened; everything has a plain default. */
export interface ConversationOptions {
  readonly instructions?: string;
  readonly tools?: readonly ToolDefinition[];
  readonly history?: readonly Utterance[];
  readonly clock?: Clock;
  /** Ends it; {@link Conversation.end} does so, too. */
  readonly signal?: AbortSignal;
}

/**
 * A conversation with an agent, held from a test instead of a session: keeps all the agent says, and waits for it.
 * Takes sound as fast as it comes. Whoever opens it ends it.
 */
export class Conversation {
  readonly session: AgentSession;
  readonly #recording: Recording;
  readonly #abort: AbortController;

  private constructor(session: AgentSession, recording: Recording, abort: AbortController) {
    this.session = session;
    this.#recording = recording;
    this.#abort = abort;
  }

  /** Opens it; rejects as the agent does. */
  static async open(agent: Agent, options: ConversationOptions = {}): Promise<Conversation> {
    const recording = new Recording();
    const abort = new AbortController();
    const open: OpenAgent = {
      sessionId: 'contract',
      instructions: options.instructions ?? 'Be brief.',
      tools: options.tools ?? [],
      history: options.history ?? [],
      clock: options.clock ?? systemClock(),
      signal: AbortSignal.any([abort.signal, ...(options.signal === undefined ? [] : [options.signal])]),
      sink: recording,
    };
    return new Conversation(await agent.open(open), recording, abort);
  }

  /** Everything the agent has said. */
  get events(): readonly AgentEvent[] {
    return this.#recording.events;
  }

  /** What it has said of one type. */
  of<Type extends AgentEvent['type']>(type: Type): Extract<AgentEvent, { readonly type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<AgentEvent, { readonly type: Type }> => event.type === type,
    );
  }

  /** Resolves when `isDone` holds, which is looked at after every event; rejects after ten seconds. */
  until(what: string, isDone: () => boolean): Promise<void> {
    return this.#recording.until(what, isDone);
  }

  /** Asks, and resolves with the name of the turn that answers when it has ended. */
  async ask(question: string): Promise<string> {
    const before = this.of('turn_ended').length;
    this.session.sendText(question);
    await this.until(`the end of an answer to "${question}"`, () => this.of('turn_ended').length > before);
    return this.of('turn_ended')[before]?.turnId ?? '';
  }

  /** Ends the conversation as a session does: the signal first, then the close. */
  async end(): Promise<void> {
    this.#abort.abort(new DOMException('the conversation is over', 'AbortError'));
    await this.session.close();
  }
}

class Recording implements AgentSink {
  readonly events: AgentEvent[] = [];
  readonly #watchers = new Set<() => void>();

  emit(event: AgentEvent): void {
    this.events.push(event);
    for (const look of this.#watchers) look();
  }

  ready(signal: AbortSignal): Promise<void> {
    return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
  }

  async until(what: string, isDone: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => isDone() && resolve();
    const types = () => this.events.slice(-8).map(({ type }) => type);
    const timer = setTimeout(
      () => reject(new Error(`waited in vain for ${what}; last: ${types()}`)),
      PATIENCE_MS,
    );
    this.#watchers.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#watchers.delete(look);
    });
  }
}
