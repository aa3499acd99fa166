import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isStrictBase64 } from '../../src/protocol/base64.ts';

test('whatever a standard encoder prints is strict base64', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => isStrictBase64(Buffer.from(bytes).toString('base64'))));
});

test('other alphabets, white space, missing or misplaced padding are not', () => {
  for (const text of [
    'A',
    'AA',
    'AAA',
    'AA-_',
    'AA==AA==',
    'A===',
    '====',
    'AAA=A',
    'AAAA\n',
    ' AAA',
    'AA A',
    'é000',
  ]) {
    assert.equal(isStrictBase64(text), false, JSON.stringify(text));
  }
});

test('text that passes decodes to as many bytes as its length says', () => {
  const nearlyBase64 = fc.string({ unit: fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '\n') });
  fc.assert(
    fc.property(nearlyBase64, (text) => {
      fc.pre(isStrictBase64(text));
      const padding = /=*$/.exec(text)?.[0].length ?? 0;
      assert.equal(Buffer.from(text, 'base64').length, (text.length / 4) * 3 - padding);
    }),
    { numRuns: 1000 },
  );
});

test('a message of the largest size, hostile or not, is checked without backtracking', () => {
  assert.equal(isStrictBase64('A'.repeat(65_536)), true);
  assert.equal(isStrictBase64(`${'='.repeat(65_535)}A`), false);
  assert.equal(isStrictBase64(`${'A'.repeat(65_535)}!`), false);
});
