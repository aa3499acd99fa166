import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../src/session/history.ts';

test('the newest is remembered, within bounds, oldest first', () => {
  const history = new History();
  for (let count = 0; count < 100; count += 1) history.add('user', `utterance ${count}`);
  assert.equal(history.soFar().length, 60);
  assert.equal(history.soFar().at(-1)?.text, 'utterance 99');
  history.add('assistant', 'x'.repeat(19_500));
  const chars = history.soFar().reduce((sum, { text }) => sum + text.length, 0);
  assert.ok(chars <= 20_000);
  history.add('user', 'y'.repeat(50_000));
  assert.equal(history.soFar().length, 1, 'the newest is kept, however long');
});

test('nothing is remembered of nothing', () => {
  const history = new History();
  history.add('assistant', '');
  assert.deepEqual(history.soFar(), []);
});

test('what the agent has still to be told is left out, once', () => {
  const history = new History();
  for (const text of ['hello', 'again', 'hello']) history.add('user', text);
  assert.deepEqual(
    history.soFar([], ['hello', 'unknown']).map(({ text }) => text),
    ['hello', 'again'],
  );
});
