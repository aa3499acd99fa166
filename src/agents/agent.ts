import type { AgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/** What an agent can do; the session asks this instead of asking which agent it is. */
export interface AgentCapabilities {
  /** It finds the end of the user's speech itself and starts to answer. */
  readonly serverTurnDetection: boolean;
  /** `cancel` makes it remember only what was heard. */
  readonly truncation: boolean;
  /** It says what the user said (`user_text`). */
  readonly userTranscript: boolean;
  /** It takes typed text. */
  readonly text: boolean;
  /** It can call tools: its sessions have `sendToolResult`. */
  readonly tools: boolean;
  /** It can see: its sessions have `sendImage`. */
  readonly vision: boolean;
}

/** Who the avatar is: one per process, without state of its own; each conversation is an {@link AgentSession}. */
export interface Agent {
  readonly name: string;
  /** Sample rates (Hz) of the sound it takes and of the sound it makes. */
  readonly audio: { readonly inputRate: number; readonly outputRate: number };
  readonly capabilities: AgentCapabilities;
  /** Characters it speaks in a second: the estimate of word times before the sound is there. */
  readonly charsPerSecond: number;
  /**
   * The longest pause (ms) between two tries to reopen it while it is away; without it the session's own, which spares
   * a provider. Short for an agent that is cheap to ask and comes back soon.
   */
  readonly maxRetryMs?: number;
  /**
   * Starts a conversation. The session owns what comes back and closes it.
   *
   * @throws AgentError when it cannot be reached; the signal's reason when aborted.
   */
  open(options: OpenAgent): Promise<AgentSession>;
  /** Frees what the process holds for it (workers, pools). Called once, after its last session is closed. */
  close(): Promise<void>;
}

/** What a new conversation is given. */
export interface OpenAgent {
  readonly sessionId: string;
  /** The system prompt, knowledge included. */
  readonly instructions: string;
  /** What it may call. */
  readonly tools: readonly ToolDefinition[];
  /**
   * The conversation so far, oldest first, as far as it was heard (or is just being played): what a reopened agent must be
   * told again.
   */
  readonly history: readonly Utterance[];
  /** The handle the agent last gave with `resumable`, if it did: it then knows the history itself. */
  readonly resumeHandle?: string;
  /** Aborts when the conversation is over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Where everything the agent has to say goes, in order. */
  readonly sink: AgentSink;
}

/** A tool as a model is told about it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Something that was said. */
export interface Utterance {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A picture from the client, checked by its bytes. */
export interface Image {
  readonly mimeType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly bytes: Uint8Array;
  readonly caption?: string | undefined;
}

/** One ordered way from the agent to the session. */
export interface AgentSink {
  /** Takes an event. Never throws, never blocks; after the signal has aborted it does nothing. */
  emit(event: AgentEvent): void;
  /**
   * Back-pressure: resolves at once while little sound is held for the client, and otherwise when some of it has been
   * played. An agent that makes sound faster than real time awaits this before it makes (or reads) more.
   * Rejects with the signal's reason when aborted.
   */
  ready(signal: AbortSignal): Promise<void>;
}

/** One conversation with an agent. Every method but `close` returns at once and never throws. */
export interface AgentSession {
  /** The user's sound at `audio.inputRate`; the agent may keep the array. */
  sendAudio(pcm: Int16Array): void;
  /** The user closed the microphone: what was said so far is all. */
  endAudio(): void;
  /** The user has typed something. It takes the place of a text before it whose answer has not begun. */
  sendText(text: string): void;
  /** Shows the agent a picture; there if it has `vision`. It answers when the user speaks or types. */
  sendImage?(image: Image): void;
  /** The answer to a `tool_call`, as JSON can carry it; there if it has `tools`. */
  sendToolResult?(callId: string, result: unknown): void;
  /**
   * Stop this answer, and remember only what was heard of it: `ms` of its sound, and the words in that.
   * Events of the turn that were under way are dropped by the session.
   */
  cancel(turnId: string, heard: Heard): void;
  /** Ends the conversation. May be called twice. */
  close(): Promise<void>;
}

/** How much of an answer the user can have heard. */
export interface Heard {
  readonly ms: number;
  readonly text: string;
}

/**
 * What an agent has to say. Every event of an answer names its turn; the session drops what belongs to a cancelled one
 * by that name, so an agent need not be perfectly quick to stop.
 */
export type AgentEvent =
  | { readonly type: 'turn_started'; readonly turnId: string }
  /** Mono at `audio.outputRate`; the session may keep the array. */
  | { readonly type: 'audio'; readonly turnId: string; readonly pcm: Int16Array }
  /** Words to show. `startMs`: where in the turn's sound they begin, if the agent knows. */
  | {
      readonly type: 'text';
      readonly turnId: string;
      readonly text: string;
      readonly startMs?: number;
      readonly itemId?: string;
    }
  /**
   * The answer is complete, or failed (`error`). Its sound is played to the end either way. `text`: all its words,
   * where the agent repeats them; what `text` events left out is taken from it.
   */
  | {
      readonly type: 'turn_ended';
      readonly turnId: string;
      readonly text?: string;
      readonly itemId?: string;
      readonly error?: AgentError;
    }
  /** Something failed that belongs to no answer. The user is told; the conversation goes on. */
  | { readonly type: 'fault'; readonly error: AgentError }
  /** The user has begun to speak: barge-in. */
  | { readonly type: 'user_speaking' }
  /** The user has finished speaking, if the agent notices: the answer's time is counted from here. */
  | { readonly type: 'user_finished' }
  | {
      readonly type: 'user_text';
      readonly text: string;
      readonly final: boolean;
      readonly itemId?: string;
    }
  /**
   * The model wants a tool's answer; it comes by `sendToolResult`. `args` is what the model wrote, unchecked. `callId` is of
   * this call alone while it is under way: the same again is the same call.
   */
  | {
      readonly type: 'tool_call';
      readonly turnId: string;
      readonly callId: string;
      readonly name: string;
      readonly args: unknown;
    }
  /** Should the connection end, this handle resumes the conversation; replaces the one before. */
  | { readonly type: 'resumable'; readonly handle: string }
  /**
   * The connection will end soon. The session closes it and opens another when nobody would be cut off: no answer is played or
   * expected, no tool runs, the user does not speak (for what is only expected it waits 20 s at most).
   */
  | { readonly type: 'expiring' }
  /** The connection is gone. The session closes this conversation and, if the error is retryable, opens another. */
  | { readonly type: 'lost'; readonly error: AgentError };
