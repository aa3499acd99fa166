import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenQuestion } from '../../src/session/question.ts';

test('a question is answered once', () => {
  const question = new OpenQuestion();
  question.asked('text', 100);
  assert.deepEqual(question.answer(200), { kind: 'text', atMs: 100 });
  assert.equal(question.answer(300), undefined);
});

test('what began before a question does not answer it, and leaves it open', () => {
  const question = new OpenQuestion();
  question.asked('speech', 100);
  assert.equal(question.answer(99), undefined);
  assert.deepEqual(question.answer(100), { kind: 'speech', atMs: 100 });
});

test('of two signs that the user has finished the first counts; a text takes the place of both', () => {
  const question = new OpenQuestion();
  question.asked('speech', 100);
  question.asked('microphone', 200);
  assert.equal(question.answer(300)?.atMs, 100);
  question.asked('microphone', 400);
  question.asked('text', 500);
  assert.deepEqual(question.answer(600), { kind: 'text', atMs: 500 });
});

test('what begins a minute later is no answer', () => {
  const question = new OpenQuestion();
  question.asked('microphone', 0);
  assert.equal(question.answer(60_001), undefined);
});

test('a question that is withdrawn is not answered', () => {
  const question = new OpenQuestion();
  question.asked('text', 0);
  question.withdraw();
  assert.equal(question.answer(10), undefined);
});
