import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WordCutter } from '../../src/session/words.ts';

function cut(pieces: readonly string[]): string[] {
  const cutter = new WordCutter();
  return [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()].map(({ text }) => text);
}

test('pieces of words are joined: nothing but whole words goes out, with their punctuation', () => {
  assert.deepEqual(cut(['Hel', 'lo', ' wor', 'ld', '! How', ' are you?']), [
    'Hello',
    ' world!',
    ' How',
    ' are',
    ' you?',
  ]);
});

test('a word goes out as soon as the next one begins', () => {
  const cutter = new WordCutter();
  assert.deepEqual(
    cutter.push('one tw').map(({ text }) => text),
    ['one'],
  );
  assert.deepEqual(
    cutter.push('o three').map(({ text }) => text),
    [' two'],
  );
});

test('scripts without spaces are cut at their punctuation, without spaces of ours', () => {
  assert.deepEqual(cut(['你好，', '世界。今天', '天气很好！']), ['你好，', '世界。', '今天天气很好！']);
});

test('a run without any space is cut all the same, so that it never waits for its end', () => {
  const words = cut(['x'.repeat(1000)]);
  assert.ok(words.length > 1);
  assert.equal(words.join(''), 'x'.repeat(1000));
});

test('the words are the text, white space apart, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 20 }), (pieces) => {
      const bare = (text: string) => text.replace(/\s+/gu, '');
      assert.equal(bare(cut(pieces).join('')), bare(pieces.join('')));
    }),
  );
});

test('where each word stands in the text is known', () => {
  const cutter = new WordCutter();
  const text = '  one   two, three ';
  const words = [...cutter.push(text), ...cutter.end()];
  assert.deepEqual(
    words.map(({ from, to }) => text.slice(from, to)),
    ['one', 'two,', 'three'],
  );
});

test('however much white space or text came before, only the end of the text is looked at again', (t) => {
  const looked: number[] = [];
  const { exec } = RegExp.prototype;
  t.mock.method(RegExp.prototype, 'exec', function (this: RegExp, text: string) {
    looked.push(text.length - this.lastIndex);
    return exec.call(this, text);
  });
  const cutter = new WordCutter();
  for (let count = 0; count < 2000; count += 1) cutter.push(' ');
  for (let count = 0; count < 2000; count += 1) cutter.push(count % 5 === 0 ? ' ' : 'x');
  assert.ok(looked.length > 4000);
  assert.ok(Math.max(...looked) <= 121, `${Math.max(...looked)} characters`);
});
