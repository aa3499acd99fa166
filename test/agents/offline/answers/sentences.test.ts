import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sentencesOf } from '../../../../src/agents/offline/answers/sentences.ts';

test('a text is cut at the ends of its sentences', () => {
  assert.deepEqual(sentencesOf('We open at eight. Do we close? We do!\nAt  3.30 pm. '), [
    'We open at eight.',
    'Do we close?',
    'We do!',
    'At 3.30 pm.',
  ]);
});

test('an empty text has no sentences', () => {
  assert.deepEqual(sentencesOf(''), []);
  assert.deepEqual(sentencesOf(' \n\t '), []);
});

test('a very long sentence is cut after a comma, or between words', () => {
  const clause = `${'word '.repeat(30).trim()}, `;
  const [first = '', ...rest] = sentencesOf(`${clause.repeat(3).trim()} end.`);
  assert.equal(first, clause.trim());
  assert.ok(rest.length > 0);
  const words = sentencesOf('word '.repeat(200));
  assert.ok(words.every((part) => /^(word )*word$/.test(part)));
});

test('a very long word is cut, but never through the middle of an emoji', () => {
  const parts = sentencesOf(`x${'🙂'.repeat(300)}`);
  assert.ok(parts.length > 1);
  for (const part of parts) assert.ok(part.isWellFormed(), part);
});

test('whatever the text, no sentence is empty or longer than 280 characters, and no letter is lost', () => {
  const lettersOf = (text: string) => text.replace(/\s/g, '');
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 2000 }),
    fc.lorem({ maxCount: 20, mode: 'sentences' }),
    fc
      .array(fc.constantFrom('word', ', ', '. ', ' ', '\n', '🙂', '中文', 'x'.repeat(90)), { maxLength: 100 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const sentences = sentencesOf(text);
      for (const sentence of sentences) {
        assert.ok(sentence.length > 0 && sentence.length <= 280);
        assert.equal(sentence, sentence.trim());
        assert.ok(!/[\n\r]/.test(sentence));
      }
      assert.equal(lettersOf(sentences.join('')), lettersOf(text));
    }),
    { numRuns: 400 },
  );
});
