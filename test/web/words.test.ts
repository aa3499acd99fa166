import '../support/page-modules.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ENGLISH_ERROR_WORDS } from '../../client/src/error-words.ts';

const { chooseLanguage, LANGUAGES } = await import('../../web/words/words.ts');

/** All words of a table, by where they are in it. */
function flat(words: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, word]): [string, string][] => {
      if (typeof word === 'string') return [[path + key, word]];
      if (typeof word === 'function') return [[path + key, String(word('5'))]];
      return [...flat(word as object, `${path}${key}.`)];
    }),
  );
}

describe('the page’s words', () => {
  it('are those asked for in the address, else what the browser prefers, else English', () => {
    const code = (asked: string | null, ...preferred: string[]) => chooseLanguage(asked, preferred).code;
    assert.equal(code('de', 'en-GB'), 'de');
    assert.equal(code('DE-at'), 'de');
    assert.equal(code(null, 'fr', 'de-CH', 'en'), 'de');
    assert.equal(code('fr', 'en', 'de'), 'en');
    assert.equal(code('constructor'), 'en');
    assert.equal(code(null), 'en');
  });

  it('are all there in every language, and none is forgotten in English', () => {
    const english = flat(LANGUAGES['en'] ?? {});
    const alike = /^(avatar|they|camera|presence\.offline|agents\.sample_(openai|gemini)|inSeconds)$/;
    for (const [code, words] of Object.entries(LANGUAGES)) {
      const own = flat(words);
      assert.deepEqual([...own.keys()].sort(), [...english.keys()].sort(), code);
      for (const [key, word] of own) {
        assert.ok(word.trim() !== '', `${code}: ${key}`);
        if (code !== 'en' && !alike.test(key)) assert.notEqual(word, english.get(key), `${code}: ${key}`);
      }
      for (const error of Object.keys(ENGLISH_ERROR_WORDS)) assert.ok(own.has(`errors.${error}`), error);
    }
  });

  it('are in the page itself as the English table has them', () => {
    const html = readFileSync(fileURLToPath(new URL('../../web/index.html', import.meta.url)), 'utf8');
    const english = flat(LANGUAGES['en'] ?? {});
    const tags = [
      ...html.matchAll(/<[a-z]\w*\s[^>]*\bdata-(text|label|tip|placeholder)="(\w+)"[^>]*>([^<]*)/g),
    ];
    assert.ok(tags.length > 20);
    for (const [tag, place, key = '', text] of tags) {
      const shown = place === 'text' ? text : / (?:aria-label|placeholder)="([^"]*)"/.exec(tag)?.[1];
      assert.equal(shown, english.get(key), key);
    }
  });
});
