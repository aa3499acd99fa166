import type { AgentEvent, Heard } from '../agents/agent.ts';
import { AgentError, AppError } from '../errors.ts';
import { MAX_HELD_MS } from './back-pressure.ts';
import { Turn } from './turn.ts';
import type { TurnSettings } from './turn-settings.ts';

/** The events an answer is made of. */
export type TurnEvent = Extract<
  AgentEvent,
  { readonly type: 'turn_started' | 'audio' | 'text' | 'turn_ended' }
>;

/** Names of answers that are over; so many are remembered that late events of them are still recognised. */
const REMEMBERED_IDS = 256;

/** So many answers may be open at a time; an agent that begins more without ending them is not followed. */
const MAX_OPEN = 32;

/** An agent that keeps sending although it was asked to wait is cut off at this much held sound. */
const OVERFLOW_MS = 2 * MAX_HELD_MS;

/** What {@link Turns} need besides what each turn is given. */
export interface TurnsSettings extends TurnSettings {
  /** No answer is playing, waiting, or announced any more. */
  readonly onQuiet: () => void;
}

/** An answer that was cut off, by the agent's name for it. */
export interface CutOff {
  readonly turnId: string;
  readonly heard: Heard;
}

/**
 * The answers of one conversation: finds the turn that an event belongs to, drops what belongs to none, and plays one
 * turn after the other, each when the client has played out the one before.
 */
export class Turns {
  readonly #settings: TurnsSettings;
  /** Answers that are not over, by the agent's name, in the order in which they began. */
  readonly #open = new Map<string, Turn>();
  /** Names of answers that are over, and how each came to its end. */
  readonly #over = new Map<string, 'played' | 'cut off'>();
  #live: Turn | undefined;
  #closed = false;

  constructor(settings: TurnsSettings) {
    this.#settings = settings;
    settings.outbox.onRelief(() => this.#live?.resume());
  }

  /** Milliseconds of sound held for the client. */
  get heldMs(): number {
    let heldMs = 0;
    for (const turn of this.#open.values()) heldMs += turn.heldMs;
    return heldMs;
  }

  /** Whether the avatar is speaking (or the client still plays). */
  get speaking(): boolean {
    return this.#live !== undefined;
  }

  /** Whether the agent is in the middle of an answer. */
  get answering(): boolean {
    return [...this.#open.values()].some((turn) => !turn.ended);
  }

  /** Whether an answer is playing, waiting, or announced. */
  get busy(): boolean {
    return this.#open.size > 0;
  }

  /** What the agent says in the answers that are not over, oldest first. */
  get saying(): readonly string[] {
    return [...this.#open.values()].map((turn) => turn.saying).filter((text) => text !== '');
  }

  /** The client says how much it has played of the turn it knows by this name. */
  reportPlayed(wireTurnId: string, playedMs: number): void {
    if (this.#live?.id === wireTurnId) this.#live.reportPlayed(playedMs);
  }

  /** Whether an answer of this name has begun, be it over or not. */
  knows(turnId: string): boolean {
    return this.#open.has(turnId) || this.#over.has(turnId);
  }

  /** Whether the answer was cut off: nothing it still asks for is to be done. */
  wasCutOff(turnId: string): boolean {
    return this.#over.get(turnId) === 'cut off';
  }

  /** Takes an event of an answer. */
  handle(event: TurnEvent): void {
    if (this.#closed || this.#over.has(event.turnId)) return;
    switch (event.type) {
      case 'turn_started':
        this.#turn(event.turnId);
        break;
      case 'audio':
        this.#hear(event.turnId, event.pcm);
        break;
      case 'text':
        this.#turn(event.turnId)?.say(event.text, event.startMs, event.itemId);
        break;
      case 'turn_ended':
        this.#open.get(event.turnId)?.end(event.itemId, event.text);
        if (event.error !== undefined) {
          this.#open.get(event.turnId)?.fail();
          this.#settings.onFault(event.error);
        }
        this.#playNext();
        break;
    }
  }

  /** Cuts off everything the agent is saying or about to say, and says what was heard of each. */
  interrupt(): CutOff[] {
    const cutOff = [...this.#open].map(([turnId, turn]) => ({ turnId, heard: turn.interrupt() }));
    for (const { turnId } of cutOff) this.refuse(turnId);
    return cutOff;
  }

  /** Nobody wants the answer of this name: nothing of it will be played. */
  refuse(turnId: string): void {
    this.#forget(turnId, 'cut off');
  }

  /** The agent is gone: what it has said is all; what it had only announced is dropped. */
  endAll(): void {
    for (const [turnId, turn] of this.#open) {
      if (!turn.hasSound) this.#forget(turnId);
      else if (!turn.ended) {
        turn.fail();
        turn.end();
      }
    }
    // The agent's next connection may give the same names again.
    const open = [...this.#open.values()];
    this.#open.clear();
    this.#over.clear();
    for (const turn of open) this.#open.set(turn.id, turn);
    this.#playNext();
  }

  /** The session is over. */
  close(): void {
    this.#closed = true;
    for (const turn of this.#open.values()) turn.discard('abandoned');
    this.#open.clear();
  }

  #turn(turnId: string): Turn | undefined {
    const known = this.#open.get(turnId);
    if (known !== undefined) return known;
    if (this.#open.size >= MAX_OPEN) {
      const silent = [...this.#open].find(([, turn]) => !turn.hasSound);
      if (silent === undefined) return undefined;
      this.#forget(silent[0]);
    }
    this.#settings.question.taken();
    const turn = new Turn(this.#settings);
    this.#open.set(turnId, turn);
    return turn;
  }

  #hear(turnId: string, pcm: Int16Array): void {
    const turn = this.#turn(turnId);
    if (turn === undefined || turn.ended) return;
    turn.push(pcm);
    // An agent speaks one answer at a time: whoever began before this one and never said so has ended.
    for (const earlier of this.#open.values()) {
      if (earlier === turn) break;
      earlier.end();
    }
    if (this.heldMs > OVERFLOW_MS) {
      turn.fail();
      turn.end();
      this.#settings.onFault(new AgentError('agent_overflow', 'agent sent too much sound'));
    }
    this.#playNext();
  }

  /** Starts the first answer that has sound, if none is playing; those that ended without any leave no trace. */
  #playNext(): void {
    if (this.#live !== undefined || this.#closed) return;
    for (const [turnId, turn] of this.#open) {
      if (turn.hasSound) {
        this.#play(turn);
        return;
      }
      if (turn.ended) this.#forget(turnId);
    }
  }

  #play(turn: Turn): void {
    this.#live = turn;
    turn
      .run()
      .catch((cause: unknown) => {
        turn.discard('failed');
        this.#settings.onFault(new AppError('internal', 'a turn failed', { cause }));
      })
      .finally(() => {
        this.#live = undefined;
        for (const [turnId, open] of this.#open) if (open === turn) this.#forget(turnId);
        this.#playNext();
        this.#tellQuiet();
      });
  }

  #forget(turnId: string, how: 'played' | 'cut off' = 'played'): void {
    this.#open.delete(turnId);
    this.#over.set(turnId, how);
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED_IDS && oldest !== undefined) this.#over.delete(oldest);
    this.#tellQuiet();
  }

  #tellQuiet(): void {
    if (!this.busy && !this.#closed) this.#settings.onQuiet();
  }
}
