import type { Agent, AgentSink, ToolDefinition, Utterance } from '../agents/agent.ts';
import type { AgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { ConversationEvent } from './agent-connection.ts';
import type { Observe } from './observer.ts';

/** What an AgentLink needs. */
export interface AgentLinkOptions {
  readonly agent: Agent;
  readonly sessionId: string;
  readonly clock: Clock;
  /** Ends the link for good. */
  readonly signal: AbortSignal;
  /** The system prompt, fetched anew at each opening. */
  readonly instructions: () => string;
  readonly tools: readonly ToolDefinition[];
  /** The conversation so far, without the texts that are still to be sent. */
  readonly history: (waiting: readonly string[]) => readonly Utterance[];
  readonly ready: AgentSink['ready'];
  /** Resolves when nobody would be cut off: the moment to change connections. */
  readonly quiet: () => Promise<void>;
  /** Whether the agent owes something: it is in the middle of an answer, or somebody waits for one. */
  readonly owing: () => boolean;
  readonly onEvent: (event: ConversationEvent) => void;
  /** Whether this name is an answer's that has not been heard of: it begins. */
  readonly begins: (turnId: string) => boolean;
  /** An answer begins that the user does not want any more; the agent is told. */
  readonly onUnwanted: (turnId: string) => void;
  /** The connection is gone; what the agent has said is all. `again`: what was asked last is asked anew. */
  readonly onGone: (again: boolean) => void;
  /** Something the user should know: an answer was cut short, or the agent cannot be reached. Once for each time. */
  readonly onFault: (error: AgentError) => void;
  readonly observe: Observe;
  /** 0..1, for the retry's jitter. */
  readonly random: () => number;
}
