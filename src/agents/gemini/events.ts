import type { AgentEvent } from '../agent.ts';
import type { FunctionCallPiece, ServerFacts, SoundPiece, TextPiece } from './server-message.ts';
import { SoundDecoder } from './sound-decoder.ts';

/** After `generationComplete` an answer's last words may take this long; `turnComplete` may wait for a playback of it. */
const LAST_WORDS_MS = 250;

/** Content may trail an interruption, or a generation that nobody closed, by this long; then it is a new answer's. */
const TRAIL_MS = 1000;

/** Words of the user that come so soon after an answer are the tail of what was answered, not somebody speaking up. */
const LATE_WORDS_MS = 1000;

/** The answer that is open on the wire. */
interface Answer {
  readonly turnId: string;
  readonly decoder: SoundDecoder;
  /** All words so far. */
  words: string;
  /** All words, where the provider repeated them at the end. */
  whole: string | undefined;
  /** The session has cancelled it: the provider goes on, and nobody hears it. */
  silenced: boolean;
  /** When its generation was complete. */
  generatedAt: number | undefined;
  /** Its end was told. */
  ended: boolean;
}

/** What {@link LiveEvents} needs. */
export interface LiveEventsOptions {
  /** Hz of the sound in the events. */
  readonly outputRate: number;
  /** Makes the name of an answer: the provider has none. */
  readonly newTurnId: () => string;
}

/**
 * Turns what the provider says into events, without a socket or a clock. The provider's answers have no names: one begins
 * with the first sound, word or call after the one before was completed or interrupted, and everything up to its own end
 * belongs to it. That is what makes a cancelled answer stay silent, though its generation cannot be stopped.
 */
export class LiveEvents {
  readonly #options: LiveEventsOptions;
  #answer: Answer | undefined;
  #userWords = '';
  #lastUserText = '';
  #silenced: string | undefined;
  /** Interrupted, and not yet completed: the user is speaking. */
  #interrupted = false;
  #trailUntil = Number.NEGATIVE_INFINITY;
  /** When the last answer was complete; there may have been none. */
  #completedAt = Number.POSITIVE_INFINITY;

  constructor(options: LiveEventsOptions) {
    this.#options = options;
  }

  /** Whether the provider owes the rest of an answer. */
  get answering(): boolean {
    return this.#answer !== undefined && this.#answer.generatedAt === undefined;
  }

  /** When {@link endDue} is to be called, if it is. */
  get endDueAt(): number | undefined {
    const answer = this.#answer;
    return answer === undefined || answer.ended || answer.generatedAt === undefined
      ? undefined
      : answer.generatedAt + LAST_WORDS_MS;
  }

  /** Whether an answer was cancelled before the provider was done with it: the last one that was. */
  isSilenced(turnId: string): boolean {
    return this.#silenced === turnId;
  }

  /** The events of a message that came at `nowMs`. Calls of a silenced answer are among them. */
  read(facts: ServerFacts, nowMs: number): AgentEvent[] {
    const events: AgentEvent[] = [];
    if (facts.userStarted) events.push({ type: 'user_speaking' });
    if (facts.userText !== undefined) this.#hearUser(facts.userText, nowMs, events);
    if (facts.interrupted) this.#interrupt(nowMs, events);
    for (const piece of facts.sound) this.#sound(piece, nowMs, events);
    if (facts.spoken !== undefined) this.#speak(facts.spoken, facts, nowMs, events);
    for (const call of facts.calls) this.#call(call, nowMs, events);
    if (facts.generationComplete && this.#answer !== undefined) this.#answer.generatedAt ??= nowMs;
    if (facts.turnComplete) this.#complete(nowMs, events);
    if (facts.goAway) events.push({ type: 'expiring' });
    if (facts.resumeHandle !== undefined) events.push({ type: 'resumable', handle: facts.resumeHandle });
    return events;
  }

  /** The session has cancelled an answer: the rest of it is silenced. */
  cancel(turnId: string): void {
    if (this.#answer?.turnId !== turnId) return;
    this.#answer.silenced = true;
    this.#silenced = turnId;
  }

  /** The end of an answer that is generated, when its last words have had their time. */
  endDue(nowMs: number): AgentEvent[] {
    const events: AgentEvent[] = [];
    const dueAt = this.endDueAt;
    if (this.#answer !== undefined && dueAt !== undefined && nowMs >= dueAt) this.#end(this.#answer, events);
    return events;
  }

  /** What the user has said and nobody answered yet, when something else comes first: typed text, or the end. */
  takeUserText(): AgentEvent[] {
    const text = this.#userWords.trim();
    this.#userWords = '';
    if (text === '') return [];
    this.#lastUserText = text;
    return [{ type: 'user_text', text, final: true }];
  }

  #hearUser({ text, finished }: TextPiece, nowMs: number, events: AgentEvent[]): void {
    // What was answered already may come again as a whole, late.
    if (this.#userWords === '' && this.#answer !== undefined && text.trim() === this.#lastUserText) return;
    const quiet = this.#answer === undefined && nowMs - this.#completedAt > LATE_WORDS_MS;
    // Where the provider is done but the client still plays, no `interrupted` comes: these words are all there is.
    if (this.#userWords === '' && quiet && !this.#interrupted) events.push({ type: 'user_speaking' });
    this.#userWords = finished && repeats(text, this.#userWords) ? text : this.#userWords + text;
  }

  #interrupt(nowMs: number, events: AgentEvent[]): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#interrupted = true;
    this.#trailUntil = nowMs + TRAIL_MS;
    if (!answer?.silenced) events.push({ type: 'user_speaking' });
    if (answer !== undefined) this.#end(answer, events);
  }

  #sound(piece: SoundPiece, nowMs: number, events: AgentEvent[]): void {
    const answer = this.#answerAt(nowMs, events);
    if (answer === undefined || answer.silenced) return;
    const pcm = answer.decoder.push(piece);
    if (pcm.length > 0) events.push({ type: 'audio', turnId: answer.turnId, pcm });
  }

  #speak({ text, finished }: TextPiece, facts: ServerFacts, nowMs: number, events: AgentEvent[]): void {
    if (this.#answer?.ended) return; // its words are late; they do not make a new one
    const answer = this.#answerAt(nowMs, events);
    if (answer === undefined || answer.silenced) return;
    const last =
      finished || facts.turnComplete || facts.generationComplete || answer.generatedAt !== undefined;
    if (last && repeats(text, answer.words)) {
      answer.whole = text;
      return;
    }
    answer.words += text;
    events.push({ type: 'text', turnId: answer.turnId, text });
  }

  #call({ id, name, args }: FunctionCallPiece, nowMs: number, events: AgentEvent[]): void {
    if (this.#answer === undefined) this.#trailUntil = Number.NEGATIVE_INFINITY; // a call waits for its answer
    const answer = this.#answerAt(nowMs, events);
    if (answer === undefined) return;
    const callId = id ?? `${answer.turnId}_${name}`;
    events.push({ type: 'tool_call', turnId: answer.turnId, callId, name, args });
  }

  #complete(nowMs: number, events: AgentEvent[]): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#completedAt = nowMs;
    this.#trailUntil = Number.NEGATIVE_INFINITY;
    if (answer !== undefined) this.#end(answer, events);
    // After an interruption the user is still speaking; otherwise the model has nothing to say to it.
    if (!this.#interrupted) events.push(...this.takeUserText());
    this.#interrupted = false;
  }

  /** The answer that content of now belongs to, begun if need be; undefined for what trails an interruption. */
  #answerAt(nowMs: number, events: AgentEvent[]): Answer | undefined {
    const open = this.#answer;
    if (open !== undefined) {
      if (!open.ended) return open;
      const trailing = open.generatedAt !== undefined && nowMs - open.generatedAt < TRAIL_MS;
      if (open.silenced && trailing) return open;
    } else if (nowMs < this.#trailUntil) return undefined;
    events.push(...this.takeUserText());
    this.#interrupted = false;
    const answer: Answer = {
      turnId: this.#options.newTurnId(),
      decoder: new SoundDecoder(this.#options.outputRate),
      words: '',
      whole: undefined,
      silenced: false,
      generatedAt: undefined,
      ended: false,
    };
    this.#answer = answer;
    events.push({ type: 'turn_started', turnId: answer.turnId });
    return answer;
  }

  #end(answer: Answer, events: AgentEvent[]): void {
    if (answer.ended) return;
    answer.ended = true;
    const { turnId, whole } = answer;
    const rest = answer.silenced ? new Int16Array(0) : answer.decoder.flush();
    if (rest.length > 0) events.push({ type: 'audio', turnId, pcm: rest });
    events.push({ type: 'turn_ended', turnId, ...(whole === undefined ? {} : { text: whole }) });
  }
}

/** Whether a transcript's last piece says everything again that was there before it. */
function repeats(piece: string, before: string): boolean {
  const said = before.trim().replaceAll(/\s+/g, ' ');
  return said !== '' && piece.trim().replaceAll(/\s+/g, ' ').startsWith(said);
}
