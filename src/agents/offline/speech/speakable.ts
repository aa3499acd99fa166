/** What the synthesiser reads better in other letters. */
const SPOKEN: readonly (readonly [pattern: RegExp, spoken: string])[] = [
  [/```[^`]*```/gs, ' '],
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/https?:\/\/(?:www\.)?([^\s/)]+)\S*/g, '$1'],
  [/[‘’]/g, "'"],
  [/[“”]/g, '"'],
  [/\s*[–—]\s*/g, ', '],
  [/…/g, '...'],
  [/&/g, ' and '],
  [/%/g, ' percent '],
  [/_/g, ' '],
  [/[*#`~|<>{}[\]\\^=]/g, ' '],
];

/**
 * A text as the English synthesiser can pronounce it: mark-up taken off, accents folded, letters it does not know left
 * out. Empty when nothing is left that has a sound.
 */
export function speakable(text: string): string {
  let spoken = text;
  for (const [pattern, replacement] of SPOKEN) spoken = spoken.replace(pattern, replacement);
  spoken = spoken
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[a-z0-9]/i.test(spoken) ? spoken : '';
}
