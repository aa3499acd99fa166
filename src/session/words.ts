/** One word of a transcript as it goes on the wire. */
export interface Word {
  /** The word with its punctuation; a leading space unless it is the first or its script has no spaces. */
  readonly text: string;
  /** Where it begins in the whole text, in characters. */
  readonly from: number;
  /** Where it ends in the whole text, in characters. */
  readonly to: number;
}

/** After these a new word begins although no space follows: Chinese, Japanese and full-width punctuation. */
const WIDE_PUNCTUATION = '[。，、！？；：…）」』】》]';

/** A word never grows beyond this many characters: what is longer is no word, and must not wait for its end. */
const MAX_WORD_CHARS = 120;

/**
 * A word: letters up to the next space; in scripts without spaces, a clause up to its punctuation. Something must
 * follow that shows it is complete.
 */
const COMPLETE_WORD = new RegExp(
  `\\s*(?:\\S{0,${MAX_WORD_CHARS}}?${WIDE_PUNCTUATION}+(?!${WIDE_PUNCTUATION}|$)|\\S{1,${MAX_WORD_CHARS}}(?=\\s)|\\S{${MAX_WORD_CHARS}})`,
  'uy',
);
const LAST_WORD = /\s*\S+/uy;

/**
 * Cuts a text that comes in arbitrary pieces into whole words. The widget shows each delta as one word, so pieces of
 * words must never go out. All words together are the text, white space apart.
 */
export class WordCutter {
  #text = '';
  #cutTo = 0;
  #words = 0;

  /** All text so far. */
  get text(): string {
    return this.#text;
  }

  /** Characters so far. */
  get length(): number {
    return this.#text.length;
  }

  /** More text; returns the words it completes. */
  push(piece: string): Word[] {
    this.#text += piece;
    return this.#cut(COMPLETE_WORD);
  }

  /** That was all; returns what is left. */
  end(): Word[] {
    return [...this.#cut(COMPLETE_WORD), ...this.#cut(LAST_WORD)];
  }

  #cut(pattern: RegExp): Word[] {
    const words: Word[] = [];
    pattern.lastIndex = this.#cutTo;
    for (let match = pattern.exec(this.#text); match !== null; match = pattern.exec(this.#text)) {
      const found = match[0];
      const bare = found.trimStart();
      const spaced = bare.length < found.length && this.#words > 0;
      this.#cutTo = pattern.lastIndex;
      this.#words += 1;
      words.push({ text: spaced ? ` ${bare}` : bare, from: this.#cutTo - bare.length, to: this.#cutTo });
    }
    return words;
  }
}
