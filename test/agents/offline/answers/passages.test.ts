import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { passagesOf } from '../../../../src/agents/offline/answers/passages.ts';

test('paragraphs are passages under the heading above them, whatever their line ends', () => {
  const text =
    'Welcome.\n\n# Opening hours\nWe open\nat eight. We close at six.\n\n## Prices ##\n\nTea is two euros.';
  const passages = [
    { heading: '', sentences: ['Welcome.'] },
    { heading: 'Opening hours', sentences: ['We open at eight.', 'We close at six.'] },
    { heading: 'Prices', sentences: ['Tea is two euros.'] },
  ];
  assert.deepEqual(passagesOf(text), passages);
  assert.deepEqual(passagesOf(text.replaceAll('\n', '\r\n')), passages);
});

test('every list item is a passage of its own, with the lines that go on with it', () => {
  assert.deepEqual(
    passagesOf('# Menu\n- Tea, black\n  or green\n* Coffee\n+ Cake\n1. Soup\n2) Bread').map(
      ({ sentences }) => sentences[0],
    ),
    ['Tea, black or green', 'Coffee', 'Cake', 'Soup', 'Bread'],
  );
});

test('mark-up is taken off', () => {
  const text =
    '> We are **very** _proud_ of `our`\n> [cake](https://example.com/cake), ~~not~~ ![a photo](x.png).';
  assert.deepEqual(passagesOf(text)[0]?.sentences, ['We are very proud of our cake, not a photo.']);
  assert.deepEqual(passagesOf('Set SERVER_PORT_NUMBER, or 2 * 3 * 4.')[0]?.sentences, [
    'Set SERVER_PORT_NUMBER, or 2 * 3 * 4.',
  ]);
});

test('tables, code and rules are left out', () => {
  const text =
    'Before.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\nrm -rf everything\n\n# not a heading\n```\n\n---\n\n***\n\nAfter.';
  assert.deepEqual(passagesOf(text), [
    { heading: '', sentences: ['Before.'] },
    { heading: '', sentences: ['After.'] },
  ]);
});

test('plain text without any mark-up is paragraphs', () => {
  assert.deepEqual(passagesOf('One. Two.\n\n\n\nThree.'), [
    { heading: '', sentences: ['One.', 'Two.'] },
    { heading: '', sentences: ['Three.'] },
  ]);
  assert.deepEqual(passagesOf(''), []);
});

test('any text is read, and no passage is empty', () => {
  const markdown = fc
    .array(
      fc.constantFrom('# ', '- ', '```', '|', '\n', '\n\n', '> ', '**', '_', '[x](y)', 'word', '. ', '---'),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(markdown, fc.string()), (text) => {
      for (const { sentences } of passagesOf(text)) assert.ok(sentences.length > 0);
    }),
    { numRuns: 500 },
  );
});

test('a megabyte in one paragraph is read as a whole', () => {
  const [passage, ...others] = passagesOf('We open at eight and close at six, every day.\n'.repeat(20_000));
  assert.equal(passage?.sentences.length, 20_000);
  assert.equal(others.length, 0);
});
