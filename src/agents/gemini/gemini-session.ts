import { randomUUID } from 'node:crypto';
import type { AgentError } from '../../errors.ts';
import type { AgentEvent, AgentSession, Image, OpenAgent } from '../agent.ts';
import { dialectOf } from './dialect.ts';
import { LiveEvents } from './events.ts';
import { type GeminiSettings, historyTurns, liveConfig } from './live-config.ts';
import { connectLive, type LiveConnection } from './live-connection.ts';
import { silentError } from './live-errors.ts';
import type { Oddities } from './oddities.ts';
import { factsOf } from './server-message.ts';

/** In the middle of an answer the provider may be silent this long. */
const STALL_MS = 15_000;

/** Connections are cut at 58 minutes without a warning; this one asks to be renewed before. */
const RENEW_AFTER_MS = 55 * 60_000;

/** Captions of so many pictures wait for a moment at which they interrupt nothing. */
const MAX_CAPTIONS = 8;

/** What a {@link GeminiSession} is made of. */
interface Parts {
  readonly settings: GeminiSettings;
  readonly oddities: Oddities;
  readonly options: OpenAgent;
}

/**
 * Opens a conversation: set up, and told the history unless a handle brings it.
 *
 * @throws AgentError when that fails; the signal's reason when aborted.
 */
export async function openGeminiSession(parts: Parts): Promise<GeminiSession> {
  const session = new GeminiSession(parts);
  await session.open();
  return session;
}

/**
 * A conversation with Gemini Live.
 *
 * Messages are read as they come, whatever the session has in store: `interrupted` stands behind the sound in the socket,
 * and a socket that is paused for back-pressure cannot be barged into. What bounds the memory is the session's own limit
 * of held sound, beyond which it cuts the answer off; the longest answer the API makes is well below it.
 */
export class GeminiSession implements AgentSession {
  readonly #options: OpenAgent;
  readonly #settings: GeminiSettings;
  readonly #oddities: Oddities;
  readonly #events: LiveEvents;
  #connection: LiveConnection | undefined;
  /** Calls that wait for a result: the name each function has, which its answer must repeat. */
  readonly #calls = new Map<string, string>();
  #captions: string[] = [];
  #over = false;
  #cancelStall: () => void = () => undefined;
  #cancelEnd: () => void = () => undefined;
  #cancelRenewal: () => void = () => undefined;

  constructor({ settings, options, oddities }: Parts) {
    this.#oddities = oddities;
    this.#options = options;
    this.#settings = settings;
    this.#events = new LiveEvents({
      outputRate: settings.GEMINI_OUTPUT_SAMPLE_RATE,
      newTurnId: randomUUID,
    });
  }

  /** Connects. Called once, before anything else. */
  async open(): Promise<void> {
    const { clock, signal } = this.#options;
    this.#connection = await connectLive({
      settings: this.#settings,
      config: liveConfig(this.#settings, this.#options),
      clock,
      signal,
      onMessage: (message) => this.#receive(message),
      onUnreadable: () => this.#oddities.note('a message that is not a JSON object'),
      onLost: (error) => this.#lose(error),
    });
    this.#cancelRenewal = clock.at(clock.now() + RENEW_AFTER_MS, () => this.#emit([{ type: 'expiring' }]));
    const turns = historyTurns(this.#settings, this.#options);
    if (turns.length > 0) this.#live?.sendClientContent({ turns, turnComplete: false });
  }

  sendAudio(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const data = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
    const mimeType = `audio/pcm;rate=${this.#settings.GEMINI_INPUT_SAMPLE_RATE}`;
    this.#live?.sendRealtimeInput({ audio: { data, mimeType } });
  }

  endAudio(): void {
    this.#live?.sendRealtimeInput({ audioStreamEnd: true });
  }

  sendText(text: string): void {
    this.#emit(this.#events.takeUserText());
    const texts = [...this.#captions, text];
    this.#captions = [];
    if (!dialectOf(this.#settings.GEMINI_MODEL).clientContent) {
      this.#live?.sendRealtimeInput({ text: texts.join('\n') });
      return;
    }
    const parts = texts.map((part) => ({ text: part }));
    this.#live?.sendClientContent({ turns: [{ role: 'user', parts }], turnComplete: true });
  }

  sendImage({ bytes, mimeType, caption }: Image): void {
    this.#live?.sendRealtimeInput({ video: { data: Buffer.from(bytes).toString('base64'), mimeType } });
    if (caption === undefined) return;
    this.#captions = [...this.#captions, caption].slice(-MAX_CAPTIONS);
    this.#tellCaptions();
  }

  sendToolResult(callId: string, result: unknown): void {
    const name = this.#calls.get(callId);
    if (name === undefined) return; // cancelled meanwhile, or of another connection
    this.#calls.delete(callId);
    const response = isFields(result) ? result : { output: result };
    this.#live?.sendToolResponse({ functionResponses: [{ id: callId, name, response }] });
    this.#watch();
  }

  /** The generation cannot be stopped: what is left of it goes unheard. What was heard, the API cannot be told. */
  cancel(turnId: string): void {
    this.#events.cancel(turnId);
  }

  async close(): Promise<void> {
    this.#end();
    await this.#connection?.close();
  }

  get #live() {
    return this.#over ? undefined : this.#connection?.session;
  }

  #receive(message: unknown): void {
    if (this.#over) return;
    const facts = factsOf(message);
    for (const name of facts.unknown) this.#oddities.note(`field ${name.slice(0, 40)}`);
    for (const id of facts.cancelledCalls) this.#calls.delete(id);
    this.#emit(this.#events.read(facts, this.#options.clock.now()));
    this.#tellCaptions();
    this.#watch();
  }

  #emit(events: readonly AgentEvent[]): void {
    for (const event of events) {
      if (event.type === 'tool_call') this.#call(event);
      else this.#options.sink.emit(event);
    }
  }

  #call(event: Extract<AgentEvent, { type: 'tool_call' }>): void {
    this.#calls.set(event.callId, event.name);
    if (!this.#events.isSilenced(event.turnId)) this.#options.sink.emit(event);
    // Whoever stopped the answer does not want what else it was about to do; the model waits for a word all the same.
    else this.sendToolResult(event.callId, { error: 'the user has interrupted' });
  }

  /** Captions are turns, and a turn interrupts an answer: they wait for its end, or go with what is typed next. */
  #tellCaptions(): void {
    const canTell = dialectOf(this.#settings.GEMINI_MODEL).clientContent && !this.#events.answering;
    if (this.#captions.length === 0 || !canTell) return;
    const parts = this.#captions.map((text) => ({ text }));
    this.#captions = [];
    this.#live?.sendClientContent({ turns: [{ role: 'user', parts }], turnComplete: false });
  }

  /** Sets the timers that the answer's state asks for. */
  #watch(): void {
    this.#cancelStall();
    this.#cancelEnd();
    if (this.#over) return;
    const { clock } = this.#options;
    const { endDueAt, answering } = this.#events;
    if (endDueAt !== undefined) {
      this.#cancelEnd = clock.at(endDueAt, () => this.#emit(this.#events.endDue(clock.now())));
    }
    if (answering && this.#calls.size === 0) {
      this.#cancelStall = clock.at(clock.now() + STALL_MS, () =>
        this.#lose(silentError('it stalled in the middle of an answer')),
      );
    }
  }

  #lose(error: AgentError): void {
    if (this.#over) return;
    this.#emit(this.#events.takeUserText());
    this.#end();
    this.#options.sink.emit({ type: 'lost', error });
  }

  #end(): void {
    this.#over = true;
    this.#cancelStall();
    this.#cancelEnd();
    this.#cancelRenewal();
    this.#calls.clear();
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
