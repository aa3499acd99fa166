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
  `\\S{0,${MAX_WORD_CHARS}}?${WIDE_PUNCTUATION}+(?!${WIDE_PUNCTUATION}|$)|\\S{1,${MAX_WORD_CHARS}}(?=\\s)|\\S{${MAX_WORD_CHARS}}`,
  'uy',
);
const LAST_WORD = /\S+/uy;
const SPACE = /\s+/uy;

/**
 * Cuts a text that comes in arbitrary pieces into whole words. The widget shows each delta as one word, so pieces of
 * words must never go out. All words together are the text, white space apart.
 */
export class WordCutter {
  #text = '';
  /** The end of the text that is in no word yet: only this is looked at again. Begins with no space. */
  #rest = '';
  /** Whether spaces stood before it. */
  #spaced = false;
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
    this.#rest += piece;
    return this.#cut(COMPLETE_WORD);
  }

  /** That was all; returns what is left. */
  end(): Word[] {
    return [...this.#cut(COMPLETE_WORD), ...this.#cut(LAST_WORD)];
  }

  #cut(pattern: RegExp): Word[] {
    const words: Word[] = [];
    const rest = this.#rest;
    const restFrom = this.#text.length - rest.length;
    let at = 0;
    for (;;) {
      const space = matchAt(SPACE, rest, at).length;
      if (space > 0) this.#spaced = this.#words > 0;
      at += space;
      const bare = matchAt(pattern, rest, at);
      if (bare === '') break;
      const from = restFrom + at;
      words.push({ text: this.#spaced ? ` ${bare}` : bare, from, to: from + bare.length });
      this.#words += 1;
      this.#spaced = false;
      at += bare.length;
    }
    this.#rest = rest.slice(at);
    return words;
  }
}

/** What a sticky pattern finds at this place; empty if nothing. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
