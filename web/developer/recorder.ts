import type { Direction } from './message-log.js';
import {
  MOST_RECORDED_CHARS,
  MOST_RECORDED_MESSAGES,
  MOST_RECORDED_MS,
  type RecordedEvent,
  type RecordedMessage,
  type Recording,
} from './recording.js';
import { typeOf } from './wire-text.js';

/** An event without its time. */
type EventNow = RecordedEvent extends infer Event
  ? Event extends RecordedEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;

/** How a recorder is begun. */
export interface RecorderStart {
  readonly nowMs: number;
  readonly date: Date;
  readonly inputSampleRate: number;
  readonly outputSampleRate: number;
  /** The `audio_start` of the answer that is coming already, so that its rest can be played. */
  readonly running: string | undefined;
}

/** Records what goes over the wire, within bounds; nothing is recorded that came before it was made. */
export class Recorder {
  readonly #start: RecorderStart;
  readonly #messages: RecordedMessage[] = [];
  readonly #events: RecordedEvent[] = [];
  readonly #sounding = new Set<string>();
  #chars = 0;

  constructor(start: RecorderStart) {
    this.#start = start;
    if (start.running !== undefined) this.add('received', start.running, start.nowMs);
  }

  /** So much text is in it (characters). */
  get chars(): number {
    return this.#chars;
  }

  /** Whether nothing more goes in. */
  full(nowMs: number): boolean {
    return (
      nowMs - this.#start.nowMs >= MOST_RECORDED_MS ||
      this.#chars >= MOST_RECORDED_CHARS ||
      this.#messages.length >= MOST_RECORDED_MESSAGES
    );
  }

  /** Notes a message; what is no text, and what answers only to the connection, is left out. */
  add(direction: Direction, data: unknown, nowMs: number): void {
    if (typeof data !== 'string' || this.full(nowMs) || ['ping', 'pong'].includes(typeOf(data))) return;
    this.#chars += data.length;
    this.#messages.push({ atMs: this.#sinceStart(nowMs), direction, data });
  }

  /** A frame begins to be heard. */
  heard(turnId: string, nowMs: number): void {
    if (this.#sounding.has(turnId)) return;
    this.#sounding.add(turnId);
    this.note({ kind: 'first_sound', turnId }, nowMs);
  }

  note(event: EventNow, nowMs: number): void {
    if (this.full(nowMs) || this.#events.length >= MOST_RECORDED_MESSAGES) return;
    this.#events.push({ atMs: this.#sinceStart(nowMs), ...event });
  }

  /** What has been recorded by now. */
  recording(nowMs: number): Recording {
    return {
      recordedAt: this.#start.date.toISOString(),
      durationMs: this.#sinceStart(nowMs),
      inputSampleRate: this.#start.inputSampleRate,
      outputSampleRate: this.#start.outputSampleRate,
      messages: [...this.#messages],
      events: [...this.#events],
    };
  }

  #sinceStart(nowMs: number): number {
    return Math.min(MOST_RECORDED_MS, Math.round(1000 * (nowMs - this.#start.nowMs)) / 1000);
  }
}
