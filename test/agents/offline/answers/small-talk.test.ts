import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallTalk } from '../../../../src/agents/offline/answers/small-talk.ts';

test('greetings, thanks and goodbyes are answered, in any case and with any marks', () => {
  for (const [said, answer] of [
    ['hi', /^Hello/],
    ['Hello!', /^Hello/],
    ['HEY there :)', /^Hello/],
    ['Good morning', /^Hello/],
    ['How are you?', /fine/],
    ['Thank you very much', /welcome/],
    ['thanks!!', /welcome/],
    ['Bye', /^Goodbye/],
    ['Tell me a joke, please', /web socket/],
  ] as const) {
    assert.match(smallTalk(said) ?? 'nothing', answer, said);
  }
});

test('it says who it is, what it can do, and what it cannot', () => {
  assert.match(smallTalk('Who are you?') ?? '', /offline agent/);
  assert.match(smallTalk('What are you?') ?? '', /offline agent/);
  assert.match(smallTalk('What can you do?') ?? '', /answer questions/);
  assert.match(smallTalk('help') ?? '', /answer questions/);
  assert.match(smallTalk("What can't you do?") ?? '', /cannot understand speech/);
  assert.match(smallTalk('What can’t you do?') ?? '', /cannot understand speech/);
});

test('a question that only begins like a pleasantry is none', () => {
  for (const question of [
    'What are your opening hours?',
    'Who are your suppliers?',
    'How are your cakes made?',
    'How do you document the API?',
    'History of the house',
    'Hidden costs?',
    'Byelaws of the club',
    'What is the price of tea?',
    'Does the menu mention jokers?',
    '',
    '你好',
  ]) {
    assert.equal(smallTalk(question), undefined, question);
  }
});
