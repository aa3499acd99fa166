import type {
  Agent,
  AgentEvent,
  AgentSession,
  AgentSink,
  Heard,
  Image,
  ToolDefinition,
  Utterance,
} from '../agents/agent.ts';
import { msToSamples } from '../audio/pcm.ts';
import { SampleQueue } from '../audio/sample-queue.ts';
import { AgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/** While the agent is away, this much of the user's sound is kept for it (the newest), and this many texts. */
const MAX_BACKLOG_MS = 2000;
const MAX_WAITING_TEXTS = 20;

/** Reopening waits 1 s, 2 s, 4 s … up to this, each shortened at random by up to half, so that nodes do not march. */
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;

/** A connection that held this long was a good one: the pauses begin anew. */
const STABLE_MS = 10_000;

/** Events that are the link's own business. */
type LinkEvent = 'lost' | 'expiring' | 'resumable';

/** What an agent says about its answers and the user. */
export type ConversationEvent = Exclude<AgentEvent, { readonly type: LinkEvent }>;

/** What an {@link AgentLink} needs. */
export interface AgentLinkOptions {
  readonly agent: Agent;
  readonly sessionId: string;
  readonly clock: Clock;
  /** Ends the link for good. */
  readonly signal: AbortSignal;
  /** The system prompt, fetched anew at each opening. */
  readonly instructions: () => string;
  readonly tools: readonly ToolDefinition[];
  /** The conversation so far. */
  readonly history: () => readonly Utterance[];
  readonly ready: AgentSink['ready'];
  /** Resolves when nobody is speaking: the moment to change connections. */
  readonly quiet: () => Promise<void>;
  /** Whether the agent is in the middle of an answer. */
  readonly answering: () => boolean;
  readonly onEvent: (event: ConversationEvent) => void;
  /** The connection is gone; what the agent has said is all. */
  readonly onGone: () => void;
  /** Something the user should know: an answer was cut short, or the agent cannot be reached. Once for each time. */
  readonly onFault: (error: AgentError) => void;
  /** 0..1, for the retry's jitter. */
  readonly random: () => number;
}

type State =
  | { readonly kind: 'away' }
  | { readonly kind: 'open'; readonly session: AgentSession }
  | { readonly kind: 'refused'; readonly error: AgentError };

/** How a connection ended: on purpose, to be replaced, or by a failure. */
type Ending =
  | { readonly kind: 'renew' }
  | {
      readonly kind: 'failed';
      readonly error: AgentError;
      readonly opened: boolean;
      readonly cutShort: boolean;
    };

/**
 * One conversation's connection to the agent, which may come and go: opens it, keeps what the user says meanwhile,
 * renews it before it expires, reopens it with growing pauses. The browser's socket never notices. Ends with its signal.
 */
export class AgentLink {
  readonly #options: AgentLinkOptions;
  #state: State = { kind: 'away' };
  readonly #backlog = new SampleQueue();
  #texts: string[] = [];
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
    const excess = this.#backlog.length - msToSamples(MAX_BACKLOG_MS, this.#options.agent.audio.inputRate);
    if (excess > 0) this.#backlog.take(excess);
  }

  /** The user closed the microphone. */
  endAudio(): void {
    this.#session?.endAudio();
  }

  /** Typed text; while the agent is away it waits. */
  sendText(text: string): void {
    switch (this.#state.kind) {
      case 'open':
        this.#state.session.sendText(text);
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

  /** Tells the agent that an answer was cut off. */
  cancel(turnId: string, heard: Heard): void {
    this.#session?.cancel(turnId, heard);
  }

  /** Keeps the agent open until the signal aborts; then closes it and resolves. Never rejects. */
  async run(): Promise<void> {
    const { signal, clock, random, onFault } = this.#options;
    let failures = 0;
    let told = false;
    while (!signal.aborted) {
      const openedAt = clock.now();
      const ending = await this.#converse();
      if (signal.aborted) return;
      if (ending.kind === 'renew') continue;
      const { error, opened, cutShort } = ending;
      if (opened) told = false;
      if (opened && clock.now() - openedAt >= STABLE_MS) failures = 0;
      if (!told && (cutShort || !opened || !error.retryable)) {
        told = true;
        onFault(error);
      }
      if (!error.retryable) {
        this.#refuse(error);
        return;
      }
      const pauseMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (1 - random() / 2);
      failures += 1;
      // Aborted while it sleeps: the loop ends.
      await clock.sleep(Math.max(pauseMs, error.retryAfterMs ?? 0), signal).catch(() => undefined);
    }
  }

  get #session(): AgentSession | undefined {
    return this.#state.kind === 'open' ? this.#state.session : undefined;
  }

  /** One connection, from its opening to its end. */
  async #converse(): Promise<Ending> {
    const { agent, sessionId, clock, ready, tools, history, instructions } = this.#options;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#options.signal]);
    const ended = Promise.withResolvers<Ending>();
    let opened = false;
    const end = (ending: Ending) => {
      this.#state = { kind: 'away' }; // at once: what the user says from here on must not go to a dead session
      ended.resolve(ending);
      over.abort();
    };
    const fail = (error: AgentError) => {
      end({ kind: 'failed', error, opened, cutShort: this.#options.answering() });
    };
    const closed = () => ended.resolve({ kind: 'renew' }); // the link's own end; run() sees its signal
    this.#options.signal.addEventListener('abort', closed, { once: true });
    const sink: AgentSink = {
      ready,
      emit: (event) => !signal.aborted && this.#receive(event, signal, end, fail),
    };

    const opening = Promise.try(() =>
      agent.open({
        sessionId,
        clock,
        signal,
        sink,
        tools,
        instructions: instructions(),
        history: history(),
        ...(this.#resumeHandle === undefined ? {} : { resumeHandle: this.#resumeHandle }),
      }),
    );
    opening.then(
      (session) => {
        if (signal.aborted) return;
        opened = true;
        this.#opened(session);
      },
      (cause: unknown) => !signal.aborted && fail(asAgentError(cause)),
    );
    const ending = await ended.promise;
    this.#options.signal.removeEventListener('abort', closed);
    this.#state = { kind: 'away' };
    // A handle that could not be opened with is worth nothing.
    if (ending.kind === 'failed' && !opened) this.#resumeHandle = undefined;
    over.abort();
    if (!this.#options.signal.aborted) this.#options.onGone();
    if (opened)
      await opening.then((session) => session.close()).catch(() => undefined); // it is gone already
    else closeWhenOpen(opening);
    return ending;
  }

  #receive(
    event: AgentEvent,
    signal: AbortSignal,
    end: (ending: Ending) => void,
    fail: (error: AgentError) => void,
  ): void {
    switch (event.type) {
      case 'lost':
        fail(event.error);
        break;
      case 'resumable':
        this.#resumeHandle = event.handle;
        break;
      case 'expiring':
        void this.#options.quiet().then(() => !signal.aborted && end({ kind: 'renew' }));
        break;
      default:
        this.#options.onEvent(event);
    }
  }

  #opened(session: AgentSession): void {
    this.#state = { kind: 'open', session };
    const texts = this.#texts;
    this.#texts = [];
    for (const text of texts) session.sendText(text);
    if (this.#backlog.length > 0) session.sendAudio(this.#backlog.take(this.#backlog.length));
  }

  #refuse(error: AgentError): void {
    this.#state = { kind: 'refused', error };
    this.#texts = [];
    this.#backlog.clear();
  }
}

/** Nobody waits for this conversation any more: should it open all the same, it is closed. */
function closeWhenOpen(opening: Promise<AgentSession>): void {
  opening.then((session) => session.close()).catch(() => undefined); // it did not open: all is well
}

function asAgentError(cause: unknown): AgentError {
  if (cause instanceof AgentError) return cause;
  return new AgentError('agent_unavailable', 'agent could not be opened', { retryable: true, cause });
}
