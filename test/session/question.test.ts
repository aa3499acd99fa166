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

test('an answer is expected while the user speaks, once something is asked, and after a tool; for a minute at most', () => {
  const question = new OpenQuestion();
  assert.equal(question.isOpen(0), false);
  question.begun(0);
  assert.equal(question.isOpen(60_000), true);
  assert.equal(question.isOpen(60_001), false);
  question.asked('speech', 50_000);
  assert.equal(question.isOpen(110_000), true);
  question.taken();
  assert.equal(question.isOpen(110_000), true, 'until something is heard');
  question.answer(70_000);
  assert.equal(question.isOpen(70_000), false);
  question.owed(80_000);
  assert.equal(question.isOpen(80_000), true);
  question.taken();
  assert.equal(question.isOpen(80_000), false);
});

test('what is only expected is no question', () => {
  const question = new OpenQuestion();
  question.begun(0);
  assert.equal(question.answer(10), undefined);
  question.asked('text', 20);
  question.owed(30);
  assert.deepEqual(question.answer(40), { kind: 'text', atMs: 20 });
});
