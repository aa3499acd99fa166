import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { speakable } from '../../../../src/agents/offline/speech/speakable.ts';

test('plain English stays as it is', () => {
  assert.equal(speakable("We open at 8.30, don't we?"), "We open at 8.30, don't we?");
});

test('typographic marks become plain ones, and signs become words', () => {
  assert.equal(speakable('“Don’t” – he said…'), '"Don\'t", he said...');
  assert.equal(speakable('Tea & cake: 50% off'), 'Tea and cake: 50 percent off');
});

test('mark-up is not read aloud', () => {
  assert.equal(speakable('See **the** [menu](https://example.com/menu.pdf) # now'), 'See the menu now');
  assert.equal(speakable('Run ```rm -rf /``` or `ls`.'), 'Run or ls .');
  assert.equal(speakable('SERVER_PORT <b>is</b> a|b'), 'SERVER PORT b is /b a b');
});

test('of an address only the host is said', () => {
  assert.equal(
    speakable('Go to https://www.example.com/a/very/long?path=1#x today'),
    'Go to example.com today',
  );
});

test('accents are folded, letters it does not know are left out', () => {
  assert.equal(speakable('Crème brûlée à la Łódź'), 'Creme brulee a la odz');
  assert.equal(speakable('Say 你好 twice 🙂'), 'Say twice');
});

test('where nothing has a sound, nothing is left', () => {
  for (const text of ['', '   ', '🙂🙂', '你好', '...', '---', '*#`', '“”', '\u0000\u0007', '\ud800']) {
    assert.equal(speakable(text), '', JSON.stringify(text));
  }
});

test('whatever the text, what is left is printable ASCII with something to pronounce, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const spoken = speakable(text);
      assert.match(spoken, /^[\x20-\x7e]*$/);
      assert.ok(spoken === '' || /[a-z0-9]/i.test(spoken));
      assert.equal(spoken, spoken.trim());
    }),
    { numRuns: 2000 },
  );
});
