import { AgentError } from '../../errors.ts';
import type {
  Agent,
  AgentCapabilities,
  AgentEvent,
  AgentSession,
  Heard,
  Image,
  OpenAgent,
} from '../agent.ts';

/** What a session asked of a {@link ScriptedSession}, in order. */
export type AgentCall =
  | { readonly method: 'sendAudio'; readonly pcm: Int16Array }
  | { readonly method: 'endAudio' }
  | { readonly method: 'sendText'; readonly text: string }
  | { readonly method: 'sendImage'; readonly image: Image }
  | { readonly method: 'sendToolResult'; readonly callId: string; readonly result: unknown }
  | { readonly method: 'cancel'; readonly turnId: string; readonly heard: Heard }
  | { readonly method: 'close' };

/** How a scripted agent behaves. */
export interface Script {
  /** Hz of the sound it takes and makes; 24000 unless given. */
  readonly inputRate?: number;
  readonly outputRate?: number;
  readonly charsPerSecond?: number;
  /** Called when a conversation opens; may throw, or wait, as a real one would. */
  readonly onOpen?: (session: ScriptedSession) => void | Promise<void>;
  /** Called for typed text; answers by what it does with the session. */
  readonly onText?: (text: string, session: ScriptedSession) => void | Promise<void>;
  /** Called for a tool's answer. */
  readonly onToolResult?: (callId: string, result: unknown, session: ScriptedSession) => void;
  /** Called for every piece of the user's sound. */
  readonly onAudio?: (pcm: Int16Array, session: ScriptedSession) => void;
}

const CAPABILITIES: AgentCapabilities = {
  serverTurnDetection: true,
  truncation: true,
  userTranscript: true,
  text: true,
  tools: true,
  vision: true,
};

/**
 * An agent that does just what a script says: for tests, benchmarks, and demonstrations. It keeps every session it
 * opened, and each keeps what was asked of it.
 */
export class ScriptedAgent implements Agent {
  readonly name = 'scripted';
  readonly audio: { readonly inputRate: number; readonly outputRate: number };
  readonly capabilities = CAPABILITIES;
  readonly charsPerSecond: number;
  readonly sessions: ScriptedSession[] = [];
  readonly #script: Script;

  constructor(script: Script = {}) {
    this.#script = script;
    this.audio = { inputRate: script.inputRate ?? 24_000, outputRate: script.outputRate ?? 24_000 };
    this.charsPerSecond = script.charsPerSecond ?? 16;
  }

  async open(options: OpenAgent): Promise<AgentSession> {
    options.signal.throwIfAborted();
    const session = new ScriptedSession(options, this.#script);
    this.sessions.push(session);
    await this.#script.onOpen?.(session);
    return session;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One conversation with a {@link ScriptedAgent}: the test's handle on what the agent says. */
export class ScriptedSession implements AgentSession {
  readonly options: OpenAgent;
  readonly calls: AgentCall[] = [];
  readonly #script: Script;

  constructor(options: OpenAgent, script: Script) {
    this.options = options;
    this.#script = script;
  }

  /** Says something to the session. */
  emit(event: AgentEvent): void {
    this.options.sink.emit(event);
  }

  /** Breaks the connection, as a provider would. */
  lose(retryable = true): void {
    this.emit({ type: 'lost', error: new AgentError('agent_lost', 'scripted loss', { retryable }) });
  }

  sendAudio(pcm: Int16Array): void {
    this.calls.push({ method: 'sendAudio', pcm });
    this.#script.onAudio?.(pcm, this);
  }

  endAudio(): void {
    this.calls.push({ method: 'endAudio' });
  }

  sendText(text: string): void {
    this.calls.push({ method: 'sendText', text });
    void this.#answer(text);
  }

  sendImage(image: Image): void {
    this.calls.push({ method: 'sendImage', image });
  }

  sendToolResult(callId: string, result: unknown): void {
    this.calls.push({ method: 'sendToolResult', callId, result });
    this.#script.onToolResult?.(callId, result, this);
  }

  cancel(turnId: string, heard: Heard): void {
    this.calls.push({ method: 'cancel', turnId, heard });
  }

  close(): Promise<void> {
    this.calls.push({ method: 'close' });
    return Promise.resolve();
  }

  async #answer(text: string): Promise<void> {
    try {
      await this.#script.onText?.(text, this);
    } catch (cause) {
      if (this.options.signal.aborted) return;
      this.emit({
        type: 'lost',
        error: new AgentError('agent_lost', 'script failed', { cause, retryable: true }),
      });
    }
  }
}
