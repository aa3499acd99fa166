import type { Agent, AgentEvent, AgentSession, AgentSink, Heard } from '../agents/agent.ts';
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

/** What an {@link AgentLink} needs. */
export interface AgentLinkOptions {
  readonly agent: Agent;
  readonly sessionId: string;
  /** The system prompt, fetched anew at each opening. */
  readonly instructions: () => string;
  readonly clock: Clock;
  /** Ends the link for good. */
  readonly signal: AbortSignal;
  readonly ready: AgentSink['ready'];
  /** Everything the agent says but `lost`. */
  readonly onEvent: (event: Exclude<AgentEvent, { readonly type: 'lost' }>) => void;
  /** The agent cannot be opened, or is gone; once for each time it was there. */
  readonly onFault: (error: AgentError) => void;
  /** 0..1, for the retry's jitter. */
  readonly random: () => number;
}

type State =
  | { readonly kind: 'away' }
  | { readonly kind: 'open'; readonly session: AgentSession }
  | { readonly kind: 'refused'; readonly error: AgentError };

/**
 * One conversation's connection to the agent, which may come and go: opens it, keeps what the user says meanwhile,
 * reopens it with growing pauses. The browser's socket never notices. Ends with its signal.
 */
export class AgentLink {
  readonly #options: AgentLinkOptions;
  #state: State = { kind: 'away' };
  readonly #backlog = new SampleQueue();
  #texts: string[] = [];

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
    if (this.#state.kind === 'open') this.#state.session.endAudio();
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

  /** Tells the agent that an answer was cut off. */
  cancel(turnId: string, heard: Heard): void {
    if (this.#state.kind === 'open') this.#state.session.cancel(turnId, heard);
  }

  /** Keeps the agent open until the signal aborts; then closes it and resolves. Never rejects. */
  async run(): Promise<void> {
    const { signal, clock, random } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await this.#converse(failures === 0);
      if (signal.aborted) return;
      if (outcome.opened) failures = 0;
      if (!outcome.error.retryable) {
        this.#refuse(outcome.error);
        return;
      }
      const pauseMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (1 - random() / 2);
      failures += 1;
      await clock.sleep(pauseMs, signal).catch(() => undefined); // aborted: the loop ends
    }
  }

  /** One conversation, from opening to loss. */
  async #converse(report: boolean): Promise<{ opened: boolean; error: AgentError }> {
    const { agent, sessionId, clock, ready, onEvent, onFault } = this.#options;
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#options.signal]);
    const lost = Promise.withResolvers<AgentError | undefined>();
    signal.addEventListener('abort', () => lost.resolve(undefined), { once: true });
    const sink: AgentSink = {
      ready,
      emit: (event) => {
        if (signal.aborted) return;
        if (event.type !== 'lost') {
          onEvent(event);
          return;
        }
        this.#state = { kind: 'away' }; // at once: what the user says from here on must not go to a dead session
        lost.resolve(event.error);
        abort.abort();
      },
    };
    let session: AgentSession | undefined;
    let error: AgentError | undefined;
    try {
      const instructions = this.#options.instructions();
      const opening = agent.open({ sessionId, instructions, signal, clock, sink });
      session = await Promise.race([opening, lost.promise.then(() => undefined)]);
      if (session === undefined) closeWhenOpen(opening);
      else if (!signal.aborted) this.#opened(session);
      error = await lost.promise;
    } catch (cause) {
      error = asAgentError(cause);
    }
    const opened = session !== undefined;
    error ??= new AgentError('agent_lost', 'closed', { retryable: true });
    this.#state = { kind: 'away' };
    if (!this.#options.signal.aborted && (opened || report)) onFault(error);
    abort.abort();
    await session?.close().catch(() => undefined); // it is gone already; nobody is left to tell
    return { opened, error };
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
