import { sizeOf, turnOf, typeOf } from './wire-text.js';

/** Which way a message went. */
export type Direction = 'sent' | 'received';

/** One line of the log: a message, or many of a kind that come by the dozen. */
export interface LogEntry {
  readonly id: number;
  readonly direction: Direction;
  readonly type: string;
  /** When it went over the wire; of many, the first and the last (ms). */
  readonly atMs: number;
  readonly untilMs: number;
  /** How many messages it stands for, and their size together (bytes). */
  readonly count: number;
  readonly bytes: number;
  /** The message, whole; of many, the last. */
  readonly data: unknown;
}

/** What is to be seen of the log: everything, one direction, or one type. */
export type LogFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'direction'; readonly direction: Direction }
  | { readonly kind: 'type'; readonly type: string };

/** So many lines are kept. */
export const MOST_ENTRIES = 500;

/** So many types are told apart; a server that invents more is not asked for them. */
const MOST_TYPES = 64;

/** Kinds that come many times a second: one line for those of a turn, or of a stretch of speech. */
const BY_THE_DOZEN: ReadonlySet<string> = new Set([
  'sync_frame',
  'audio_chunk',
  'audio',
  'playback',
  'ping',
  'pong',
]);

/** What went over the wire, newest last. Bounded; messages that come by the dozen are counted on one line. */
export class MessageLog {
  #entries: LogEntry[] = [];
  /** The ids of the lines that more can be counted on, by what they count. */
  readonly #open = new Map<string, number>();
  readonly #types = new Set<string>();
  #lastId = 0;

  /** Oldest first. Entries are replaced, not changed. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** All types there have been. */
  get types(): ReadonlySet<string> {
    return this.#types;
  }

  /** Notes a message. @returns its line, new or counted on. */
  add(direction: Direction, data: unknown, atMs: number): LogEntry {
    const type = typeOf(data);
    if (this.#types.size < MOST_TYPES) this.#types.add(type);
    const bytes = sizeOf(data);
    if (type === 'audio_stream_start') this.#open.delete('sent audio ');
    if (!BY_THE_DOZEN.has(type))
      return this.#append({ direction, type, atMs, untilMs: atMs, count: 1, bytes, data });
    const kind = `${direction} ${type} ${turnOf(data)}`;
    const at = this.#entries.findLastIndex(({ id }) => id === this.#open.get(kind));
    const line = this.#entries[at];
    if (line === undefined) {
      const entry = this.#append({ direction, type, atMs, untilMs: atMs, count: 1, bytes, data });
      this.#open.set(kind, entry.id);
      return entry;
    }
    const more = { ...line, untilMs: atMs, count: line.count + 1, bytes: line.bytes + bytes, data };
    this.#entries[at] = more;
    return more;
  }

  /** Forgets all lines. */
  clear(): void {
    this.#entries = [];
    this.#open.clear();
  }

  #append(entry: Omit<LogEntry, 'id'>): LogEntry {
    this.#lastId += 1;
    const whole = { id: this.#lastId, ...entry };
    this.#entries.push(whole);
    const gone = this.#entries.length > MOST_ENTRIES ? this.#entries.shift() : undefined;
    if (gone !== undefined) {
      for (const [kind, id] of this.#open) if (id === gone.id) this.#open.delete(kind);
    }
    return whole;
  }
}

/** Whether a line is to be seen. */
export function passes(filter: LogFilter, { direction, type }: LogEntry): boolean {
  if (filter.kind === 'direction') return direction === filter.direction;
  return filter.kind === 'all' || type === filter.type;
}
