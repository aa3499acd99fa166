/** A sentence longer than this many characters is cut at a comma or a space: the first words should not wait. */
const MAX_SENTENCE_CHARS = 280;

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Cuts a text into sentences, none empty, none very long. */
export function sentencesOf(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '')
    .flatMap(cutLong);
}

function cutLong(sentence: string): string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > MAX_SENTENCE_CHARS) {
    const window = rest.slice(0, MAX_SENTENCE_CHARS);
    const comma = Math.max(window.lastIndexOf(', '), window.lastIndexOf('; '), window.lastIndexOf(': ')) + 1;
    const space = window.lastIndexOf(' ');
    const whole = endsInHalfACharacter(window) ? MAX_SENTENCE_CHARS - 1 : MAX_SENTENCE_CHARS;
    const cut = comma > MAX_SENTENCE_CHARS / 3 ? comma : space > 0 ? space : whole;
    parts.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Whether the text ends between the two halves of a surrogate pair, as half an emoji does. */
function endsInHalfACharacter(text: string): boolean {
  return /[\ud800-\udbff]$/.test(text);
}
