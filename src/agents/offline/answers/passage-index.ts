import MiniSearch from 'minisearch';
import { type Passage, passagesOf } from './passages.ts';

/** Words that say nothing about what is asked. */
const STOP_WORDS = new Set(
  (
    'a about all am an and any are as at be been but by can could did do does for from get give got had has have how i if in ' +
    'into is it its just know like me my no not of on one or our out please say she should so some tell than that the ' +
    'their them then there these they this to up us was we were what when where which who why will with would you your'
  )
    .split(' ')
    .concat(["what's", "i'm", "you're", "it's", "don't", "doesn't", "can't"]),
);

/** Of the words that mean something, at least this share must be found, or the passage is about something else. */
const MIN_COVERAGE = 0.5;

/** At most so many sentences, and about so many characters, are quoted as an answer. */
const MAX_SENTENCES = 3;
const MAX_CHARS = 360;

interface Entry {
  readonly id: number;
  readonly sentence: string;
  readonly heading: string;
}

/** Finds the sentences of a text that answer a question. */
export interface PassageIndex {
  /** Up to three sentences, word for word, that follow each other; undefined if nothing fits. */
  find(question: string): string[] | undefined;
}

/** Indexes a text, in slices, so that even a long one does not stall the process. */
export async function indexPassages(text: string): Promise<PassageIndex> {
  const places: { readonly passage: Passage; readonly position: number }[] = [];
  const entries: Entry[] = [];
  for (const passage of passagesOf(text)) {
    for (const [position, sentence] of passage.sentences.entries()) {
      entries.push({ id: places.length, sentence, heading: passage.heading });
      places.push({ passage, position });
    }
  }
  const search = new MiniSearch<Entry>({
    fields: ['sentence', 'heading'],
    processTerm: (term) => {
      const word = term.toLowerCase();
      return STOP_WORDS.has(word) ? null : word;
    },
    searchOptions: {
      boost: { heading: 1.5 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  await search.addAllAsync(entries, { chunkSize: 100 });
  return {
    find: (question) => {
      const asked = meaningfulWords(question);
      if (asked.length === 0) return undefined;
      const best = search
        .search(asked.join(' '))
        .find(({ queryTerms }) => new Set(queryTerms).size >= MIN_COVERAGE * asked.length);
      const place = best === undefined ? undefined : places[best.id as number];
      return place === undefined ? undefined : quote(place.passage, place.position);
    },
  };
}

function meaningfulWords(question: string): string[] {
  const words = question.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return [...new Set(words.filter((word) => !STOP_WORDS.has(word)))];
}

/** The sentence found with what follows it; the whole passage where it is short. */
function quote({ sentences }: Passage, position: number): string[] {
  const whole = sentences.length <= MAX_SENTENCES && sentences.join(' ').length <= MAX_CHARS;
  const quoted: string[] = [];
  let chars = 0;
  for (const sentence of sentences.slice(whole ? 0 : position)) {
    if (quoted.length > 0 && (quoted.length === MAX_SENTENCES || chars + sentence.length > MAX_CHARS)) break;
    quoted.push(sentence);
    chars += sentence.length;
  }
  return quoted;
}
