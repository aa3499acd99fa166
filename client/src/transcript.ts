import type { Role } from './wire/messages.ts';

/** One utterance. Entries are replaced, not changed: keep `id` to find one again. */
export interface TranscriptEntry {
  readonly id: number;
  readonly role: Role;
  /** What has been said so far. */
  readonly text: string;
  /** `speaking`: more words may follow. `cut`: it was broken off here. */
  readonly state: 'speaking' | 'done' | 'cut';
  /** The turn of an answer. */
  readonly turnId?: string;
}

/** A word of an answer, at the moment it begins to be heard. */
export interface Word {
  readonly turnId: string;
  /** With its punctuation; all but the first begin with a space. */
  readonly text: string;
  readonly startMs: number;
}

/** What a {@link Transcript} tells. */
export interface TranscriptListener {
  onWord(word: Word): void;
  /** An entry is new, or has changed; `index` is its place in the whole. */
  onEntry(entry: TranscriptEntry, index: number): void;
}

/** More utterances than this are forgotten from the beginning. */
const MOST_ENTRIES = 500;

/** More words than this that nobody has heard are not kept. */
const MOST_UNHEARD = 20_000;

interface Speech {
  readonly turnId: string;
  /** In order of their time. */
  readonly unheard: Word[];
  entry: TranscriptEntry | undefined;
  /** The server has said that these are all words. */
  complete: boolean;
}

/** What was said by both. An answer's words appear when they are heard, and those that were never heard never do. */
export class Transcript {
  readonly #listener: TranscriptListener;
  readonly #speeches = new Map<string, Speech>();
  #entries: TranscriptEntry[] = [];
  #lastId = 0;

  constructor(listener: TranscriptListener) {
    this.#listener = listener;
  }

  /** All utterances, oldest first. */
  get entries(): readonly TranscriptEntry[] {
    return this.#entries;
  }

  /**
   * The user said this: `now`, or some time ago. What was spoken is known late; it belongs before the answer that
   * already runs.
   */
  addUser(text: string, when: 'now' | 'before_answer'): void {
    if (text === '') return;
    const running = [...this.#speeches.values()].find(({ complete }) => !complete)?.entry;
    const last = this.#entries.length;
    const at = running === undefined || when === 'now' ? last : this.#indexOf(running);
    this.#insert({ id: this.#newId(), role: 'user', text, state: 'done' }, at);
  }

  /** An answer begins. */
  begin(turnId: string): void {
    this.#speeches.set(turnId, { turnId, unheard: [], entry: undefined, complete: false });
  }

  /** A word that will be heard `startMs` into its turn. */
  addWord(turnId: string, text: string, startMs: number): void {
    const speech = this.#speeches.get(turnId);
    if (speech === undefined || speech.unheard.length >= MOST_UNHEARD) return;
    const after = speech.unheard.findLastIndex((word) => word.startMs <= startMs);
    speech.unheard.splice(after + 1, 0, { turnId, text, startMs });
  }

  /** All words of the answer have come. */
  complete(turnId: string): void {
    const speech = this.#speeches.get(turnId);
    if (speech !== undefined) speech.complete = true;
  }

  /** The answer has been heard up to here. */
  reveal(turnId: string, heardMs: number): void {
    const speech = this.#speeches.get(turnId);
    if (speech === undefined) return;
    const silentYet = speech.unheard.findIndex(({ startMs }) => startMs > heardMs);
    const words = speech.unheard.splice(0, silentYet === -1 ? speech.unheard.length : silentYet);
    if (words.length === 0) return;
    const text = words.map((word) => word.text).join('');
    if (speech.entry === undefined) {
      speech.entry = {
        id: this.#newId(),
        role: 'assistant',
        text: text.trimStart(),
        state: 'speaking',
        turnId,
      };
      this.#insert(speech.entry, this.#entries.length);
    } else {
      this.#change(speech, { ...speech.entry, text: speech.entry.text + text });
    }
    for (const word of words) this.#listener.onWord(word);
  }

  /** The answer is over. What had come whole was heard whole; of what broke off only what was heard is kept. */
  end(turnId: string, heardMs: number, cut: boolean): void {
    const speech = this.#speeches.get(turnId);
    if (speech === undefined) return;
    this.reveal(turnId, !cut && speech.complete ? Number.POSITIVE_INFINITY : heardMs);
    const broken = cut || speech.unheard.length > 0;
    this.#speeches.delete(turnId);
    if (speech.entry !== undefined) this.#change(speech, { ...speech.entry, state: broken ? 'cut' : 'done' });
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = [];
    this.#speeches.clear();
  }

  #insert(entry: TranscriptEntry, at: number): void {
    this.#entries = this.#entries.toSpliced(at, 0, entry).slice(-MOST_ENTRIES);
    this.#listener.onEntry(entry, this.#indexOf(entry));
  }

  #change(speech: Speech, entry: TranscriptEntry): void {
    const index = speech.entry === undefined ? -1 : this.#indexOf(speech.entry);
    speech.entry = entry;
    if (index === -1) return; // so long ago that it is forgotten
    this.#entries = this.#entries.with(index, entry);
    this.#listener.onEntry(entry, index);
  }

  #indexOf({ id }: TranscriptEntry): number {
    return this.#entries.findIndex((entry) => entry.id === id);
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
