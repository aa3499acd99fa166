import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAnswerer } from '../../../../src/agents/offline/answers/answerer.ts';
import { indexPassages } from '../../../../src/agents/offline/answers/passage-index.ts';
import { CAFE } from '../../../support/cafe.ts';
import { eventually } from '../../../support/eventually.ts';

function answererOf(text: string) {
  return createAnswerer({ text: () => text });
}

test('a greeting is answered, sentence by sentence', async () => {
  const sentences = (await answererOf('')).answer('Hello!');
  assert.ok(sentences.length > 1);
  assert.match(sentences[0] ?? '', /^Hello/);
});

test('questions are answered from the knowledge that was given', async () => {
  const answer = (await answererOf(CAFE)).answer('How much is the carrot cake?');
  assert.deepEqual(answer, ['The carrot cake is baked every morning and costs four euros.']);
});

test('without knowledge it knows about this server, and how to plug in a real model', async () => {
  const answerer = await answererOf('');
  assert.match(answerer.answer('How do I plug in OpenAI?').join(' '), /OPENAI_API_KEY/);
  assert.match(answerer.answer('Which port does the server use?').join(' '), /8080/);
  assert.match(
    answerer.answer('Can you understand spoken words?').join(' '),
    /cannot understand spoken words/,
  );
});

test('what it does not know it says plainly, and what would help', async () => {
  const answer = (await answererOf(CAFE)).answer('What is the capital of Mongolia?').join(' ');
  assert.match(answer, /I do not know that/);
  assert.match(answer, /OpenAI or Gemini/);
});

test('a question in a script it cannot pronounce is told so', async () => {
  const answerer = await answererOf(CAFE);
  for (const question of ['你好，几点开门？', 'Сколько стоит торт?', 'كم السعر؟']) {
    assert.match(answerer.answer(question).join(' '), /only read and speak English/, question);
  }
});

test('of a text it cannot pronounce nothing is quoted that nobody would hear', async () => {
  const cyrillic =
    'Наш магазин открыт с 9 до 18.\n\nДоставка стоит пять евро.\n\nThe tea is free. Чай бесплатно.';
  const answerer = await answererOf(cyrillic);
  for (const question of ['Когда открыт магазин?', 'Сколько стоит доставка?']) {
    assert.match(answerer.answer(question).join(' '), /only read and speak English/, question);
  }
  assert.match(answerer.answer('Is the tea free?').join(' '), /The tea is free/);
});

test('new knowledge is picked up: the old one answers until it is indexed', async () => {
  let text = CAFE;
  const answerer = await createAnswerer({ text: () => text });
  text = '# Cake\n\nThe carrot cake is sold out.';
  assert.match(answerer.answer('carrot cake?').join(' '), /four euros/);
  await eventually(
    'the new text is indexed',
    () => !/four euros/.test(answerer.answer('carrot cake?').join(' ')),
  );
  assert.deepEqual(answerer.answer('carrot cake?'), ['The carrot cake is sold out.']);
});

test('knowledge that changes twice ends with the newest, also if the one before takes longer to index', async () => {
  let text = CAFE;
  const answerer = await createAnswerer({ text: () => text });
  const long = `The carrot cake is old.\n\n${'Some other words about something.\n\n'.repeat(1000)}`;
  text = long;
  answerer.answer('carrot cake?');
  text = 'The carrot cake is new.';
  answerer.answer('carrot cake?');
  // Indexed after the long text of the answerer, so done after it.
  await indexPassages(long);
  await indexPassages(long);
  assert.deepEqual(answerer.answer('carrot cake?'), ['The carrot cake is new.']);
});

test('knowledge that is taken away leaves what it knows about this server', async () => {
  let text = CAFE;
  const answerer = await createAnswerer({ text: () => text });
  text = '';
  answerer.answer('carrot cake?');
  await eventually(
    'the new text is indexed',
    () => !/four euros/.test(answerer.answer('carrot cake?').join(' ')),
  );
  assert.match(answerer.answer('How do I plug in OpenAI?').join(' '), /OPENAI_API_KEY/);
});

test('whatever is asked, there is an answer of sentences that can be spoken one by one', async () => {
  const answerer = await answererOf(CAFE);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (question) => {
      const sentences = answerer.answer(question);
      assert.ok(sentences.length > 0);
      for (const sentence of sentences) assert.ok(sentence.length > 0 && sentence.length <= 280);
    }),
    { numRuns: 500 },
  );
});
