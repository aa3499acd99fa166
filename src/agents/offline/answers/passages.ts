import { sentencesOf } from './sentences.ts';

/** A paragraph or list item of a text, with the headings above it. */
export interface Passage {
  readonly heading: string;
  readonly sentences: readonly string[];
}

/** Reads plain text or Markdown into passages. Tables, code and rules are left out: nobody wants them read aloud. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  let heading = '';
  const prose = text.replace(/\r\n?/g, '\n').replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '');
  for (const block of prose.split(/\n\s*\n/)) {
    for (const item of items(block)) {
      const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(item);
      if (title !== null) heading = plain(title[1] ?? '');
      else if (!/^\s*(\||[-=*_]{3,}\s*$)/.test(item)) {
        const sentences = sentencesOf(plain(item));
        if (sentences.length > 0) passages.push({ heading, sentences });
      }
    }
  }
  return passages;
}

/** The headings and list items of a block, each on its own; the lines of a paragraph together. */
function items(block: string): string[] {
  const found: string[][] = [];
  for (const line of block.split('\n').map((quoted) => quoted.replace(/^\s*>\s?/, ''))) {
    const last = found.at(-1);
    const starts = /^\s*([-*+]|\d+[.)])\s+|^#{1,6}\s|^\s*\|/.test(line);
    const afterHeading = /^#{1,6}\s/.test(last?.[0] ?? '');
    if (last === undefined || starts || afterHeading) found.push([line]);
    else last.push(line.trim());
  }
  return found.map((lines) =>
    lines
      .join(' ')
      .replace(/^\s*([-*+]|\d+[.)])\s+/, '')
      .trim(),
  );
}

/** Without Markdown's signs. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`|~~)/g, '')
    .replace(/(^|\s)[*_](\S[^*_]*\S|\S)[*_]/g, '$1$2')
    .trim();
}
