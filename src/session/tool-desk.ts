import type { AgentEvent } from '../agents/agent.ts';
import type { Clock } from '../time/clock.ts';
import type { Tool } from '../tools/tool.ts';
import { ToolCalls } from '../tools/tool-calls.ts';
import type { Avatar } from './avatar.ts';
import type { Observe } from './observer.ts';
import type { Outbox } from './outbox.ts';

/** A tool may take this long before the user is shown that the avatar is thinking. */
const THINKING_AFTER_MS = 400;

/** What a {@link ToolDesk} needs. */
export interface ToolDeskOptions {
  readonly tools: readonly Tool[];
  readonly sessionId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly outbox: Outbox;
  readonly avatar: Avatar;
  /** Whether an answer is being played. */
  readonly speaking: () => boolean;
  /** Whether the answer of this name was cut off: nobody waits for what it called. */
  readonly wasCutOff: (turnId: string) => boolean;
  /** The tool's answer, for the agent; and whether an answer of the agent waits for it. */
  readonly onResult: (callId: string, result: unknown, isAwaited: boolean) => void;
  readonly observe: Observe;
}

/** Where a conversation's tool calls come in and their answers go out, with the avatar thinking meanwhile. */
export class ToolDesk {
  readonly #options: ToolDeskOptions;
  readonly #calls: ToolCalls;
  /** The answers that have called, by the calls under way whose result somebody waits for. */
  readonly #callers = new Map<string, string>();
  /** Aborts when whoever called is gone. */
  #gone = new AbortController();

  constructor(options: ToolDeskOptions) {
    const { tools, sessionId, clock, signal, outbox } = options;
    this.#options = options;
    signal.addEventListener('abort', () => this.#gone.abort(), { once: true });
    this.#calls = new ToolCalls({
      tools,
      sessionId,
      clock,
      signal,
      onClientCall: ({ callId, name, args }) =>
        outbox.send({ type: 'trigger_action', function_name: name, arguments: args, callId }),
    });
  }

  /** Whether a tool is running, whose answer the model waits for. */
  get busy(): boolean {
    return this.#callers.size > 0;
  }

  /** The model calls a tool. A call that is made again while it is under way is one call, and has one result. */
  call({ turnId, callId, name, args }: Extract<AgentEvent, { readonly type: 'tool_call' }>): void {
    if (this.#callers.has(callId)) return;
    this.#callers.set(callId, turnId);
    const { clock, wasCutOff, onResult } = this.#options;
    const { signal } = this.#gone;
    const startedAtMs = clock.now();
    const cancelThinking = clock.at(clock.now() + THINKING_AFTER_MS, () => this.#think(turnId));
    signal.addEventListener('abort', cancelThinking, { once: true });
    void this.#calls.run({ callId, name, args }).then((result) => {
      signal.removeEventListener('abort', cancelThinking);
      cancelThinking();
      if (signal.aborted) return;
      this.#callers.delete(callId);
      this.#tellOver(name, startedAtMs, result);
      onResult(callId, result, !wasCutOff(turnId));
    });
  }

  /** The client's answer to a call. */
  answer(callId: string, result: unknown): void {
    this.#calls.answer(callId, result);
  }

  /** Whoever called is gone: nobody waits for the answers of what runs. */
  abandon(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
    this.#callers.clear();
    if (!this.#options.speaking()) this.#options.avatar.is('Listening');
  }

  /** An answer is over: unless another is heard, or waits for a tool, the avatar listens. */
  answered(): void {
    const { speaking, wasCutOff, avatar } = this.#options;
    const isAwaited = [...this.#callers.values()].some((turnId) => !wasCutOff(turnId));
    if (!isAwaited && !speaking()) avatar.is('Listening');
  }

  #tellOver(called: string, startedAtMs: number, result: unknown): void {
    const { tools, observe, clock } = this.#options;
    // A name the model made up is something it said.
    const name = tools.some((tool) => tool.name === called) ? called : 'unknown';
    const failed = typeof result === 'object' && result !== null && Object.hasOwn(result, 'error');
    observe({ type: 'tool_over', name, startedAtMs, endedAtMs: clock.now(), failed });
  }

  #think(turnId: string): void {
    const { speaking, wasCutOff, avatar } = this.#options;
    if (!speaking() && !wasCutOff(turnId)) avatar.is('Thinking');
  }
}
