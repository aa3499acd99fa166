import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexPassages } from '../../../../src/agents/offline/answers/passage-index.ts';
import { CAFE } from '../../../support/cafe.ts';

const INDEX = await indexPassages(CAFE);

test('a question finds the sentences that answer it', () => {
  for (const [question, answer] of [
    ['When do you open?', /eight in the morning/],
    ['What are your opening hours?', /eight in the morning/],
    ['Who founded the café?', /Marta Oliveira/],
    ['How much is the carrot cake?', /four euros/],
    ['Is there vegan breakfast?', /Vegan breakfast/],
    ['Where can I park? Is there a garage?', /Rua do Sol|no parking/],
    ['Can I bring my dogs?', /Dogs are welcome/],
    ['where do the espresso beans come from', /Ethiopia/],
  ] as const) {
    assert.match(INDEX.find(question)?.join(' ') ?? 'nothing', answer, question);
  }
});

test('a word that is misspelt or inflected is found', () => {
  assert.match(INDEX.find('vegan brekfast')?.join(' ') ?? '', /Vegan breakfast/);
  assert.match(INDEX.find('Ethiopian beans')?.join(' ') ?? '', /Ethiopia/);
});

test('what is found is quoted word for word: up to three sentences that follow each other', () => {
  const flat = CAFE.replace(/\s+/g, ' ');
  for (const question of [
    'opening hours',
    'parking',
    'carrot cake',
    'Marta Oliveira',
    'evening Sundays noon',
  ]) {
    const quoted = INDEX.find(question) ?? [];
    assert.ok(quoted.length >= 1 && quoted.length <= 3, question);
    assert.ok(flat.includes(quoted.join(' ')), quoted.join(' '));
  }
});

test('a question about something else finds nothing', () => {
  for (const question of [
    'What is the capital of Mongolia?',
    'quantum chromodynamics',
    'Tell me about it',
    'what is this',
    'of the and',
    '???',
    '',
  ]) {
    assert.equal(INDEX.find(question), undefined, question);
  }
});

test('one word in common is not enough for a longer question', () => {
  assert.equal(INDEX.find('Which trains leave Lisbon for Porto tomorrow?'), undefined);
  assert.match(INDEX.find('Is it in Lisbon?')?.join(' ') ?? '', /coffee house in Lisbon/);
});

test('a text in another script is searched too', async () => {
  const index = await indexPassages('咖啡馆 八点 开门。\n\nМы открываемся в восемь утра.');
  assert.match(index.find('восемь утра?')?.join(' ') ?? '', /восемь утра/);
});

test('an empty text answers nothing', async () => {
  const index = await indexPassages('');
  assert.equal(index.find('When do you open?'), undefined);
});

test('any question is answered with sentences of the text, or not at all', () => {
  const words = fc.array(
    fc.constantFrom('open', 'cake', 'dogs', 'the', 'zebra', "o'clock", '1987', '🙂', '-'),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        words.map((list) => list.join(' ')),
      ),
      (question) => {
        const quoted = INDEX.find(question);
        if (quoted === undefined) return;
        assert.ok(quoted.length >= 1 && quoted.length <= 3);
        for (const sentence of quoted) assert.ok(CAFE.includes(sentence), sentence);
      },
    ),
    { numRuns: 500 },
  );
});
