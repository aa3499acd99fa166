import MiniSearch from 'minisearch';
import { stemmer } from 'stemmer';
import { type Passage, passagesOf } from './passages.ts';

/** Words that say nothing about what is asked. */
const STOP_WORDS = new Set(
  (
    'a about all am an and any are as at be been but by can could did do does for from get got had has have how i if ' +
    'in into is it its just know like me my no not of on one or our out please say she should so some tell than that ' +
    "the their them then there these they this to up us was we were what when where which who why will with would you your what's i'm you're it's don't doesn't can't"
  ).split(' '),
);

/** Of the words that mean something, at least this share must be found, or the passage is about something else. */
const MIN_COVERAGE = 0.5;

/** Of a question so many characters are read: searching for more takes long, and finds nothing better. */
const MAX_QUESTION_CHARS = 300;

/** At most so many sentences are quoted as an answer. */
const MAX_SENTENCES = 3;

/** A sentence that begins like this is about the one before it. */
const LEANS_ON_THE_ONE_BEFORE = /^(it|its|they|their|these|those|this|that|then|he|she|there|also|so)\b/i;

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
    processTerm: (term) => meaningful(term) ?? null,
    searchOptions: {
      boost: { heading: 1.5 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  await search.addAllAsync(entries, { chunkSize: 100 });
  return {
    find: (question) => {
      const words =
        question
          .slice(0, MAX_QUESTION_CHARS)
          .toLowerCase()
          .match(/[\p{L}\p{N}']+/gu) ?? [];
      const asked = new Set(words.flatMap((word) => meaningful(word) ?? []));
      if (asked.size === 0) return undefined;
      const hits = search
        .search(question.slice(0, MAX_QUESTION_CHARS))
        .map(({ id, score, queryTerms }) => ({
          id: id as number,
          score,
          coverage: new Set(queryTerms).size / asked.size,
        }))
        .filter(({ coverage }) => coverage >= MIN_COVERAGE)
        .sort((a, b) => b.coverage - a.coverage || b.score - a.score);
      const place = places[hits[0]?.id ?? -1];
      if (place === undefined) return undefined;
      return quote(place.passage, place.position);
    },
  };
}

/** The stem of a word that says something. */
function meaningful(term: string): string | undefined {
  const word = term.toLowerCase();
  return STOP_WORDS.has(word) ? undefined : stemmer(word);
}

/** The sentence found, with those before and after it that cannot do without each other. */
function quote({ sentences }: Passage, position: number): string[] {
  const leans = (at: number) => LEANS_ON_THE_ONE_BEFORE.test(sentences[at] ?? '');
  let first = position;
  while (first > 0 && position - first < MAX_SENTENCES - 1 && leans(first)) first -= 1;
  let last = position;
  while (last - first < MAX_SENTENCES - 1 && leans(last + 1)) last += 1;
  return sentences.slice(first, last + 1);
}
