import { ENGLISH } from './english.js';
import type { Language, Words } from './words.js';

type Plain = { [Key in keyof Words]: Words[Key] extends string ? Key : never }[keyof Words];

/** What the page's own markup holds of words: an attribute that names the word, and where it goes. */
const PLACES: Readonly<Record<string, (element: HTMLElement, word: string) => void>> = {
  'data-text': (element, word) => {
    element.textContent = word;
  },
  'data-label': (element, word) => element.setAttribute('aria-label', word),
  'data-tip': (element, word) => {
    element.setAttribute('aria-label', word);
    element.title = word;
  },
  'data-placeholder': (element, word) => element.setAttribute('placeholder', word),
};

/** Puts a language's words into the page. What index.html holds is English, so that it reads well before scripts run. */
export function translate(document: Document, { code, words }: Language): void {
  document.documentElement.lang = code;
  document.title = words.title;
  for (const [attribute, put] of Object.entries(PLACES)) {
    for (const element of document.querySelectorAll<HTMLElement>(`[${attribute}]`)) {
      const key = element.getAttribute(attribute) ?? '';
      if (isPlain(key)) put(element, words[key]);
    }
  }
}

function isPlain(key: string): key is Plain {
  return Object.hasOwn(ENGLISH, key) && typeof ENGLISH[key as keyof Words] === 'string';
}
