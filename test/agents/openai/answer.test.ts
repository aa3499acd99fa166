import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Answer } from '../../../src/agents/openai/answer.ts';

const SAMPLES_PER_MS = 24;

/** An answer with parts of these lengths in milliseconds. */
function answer(lengthsMs: readonly number[], done: boolean): Answer {
  const made = new Answer('r');
  for (const [index, ms] of lengthsMs.entries()) made.addSamples(`item ${index}`, 0, ms * SAMPLES_PER_MS);
  made.done = done;
  return made;
}

const ends = (made: Answer, heardMs: number) =>
  made.cut(heardMs).map(({ itemId, audioEndMs }) => [itemId, audioEndMs]);

test('an answer is cut at the millisecond that was heard, rounded down', () => {
  assert.deepEqual(ends(answer([1000], true), 420.9), [['item 0', 420]]);
});

test('the cut is never beyond what was received', () => {
  assert.deepEqual(ends(answer([1000], false), 5000), [['item 0', 1000]]);
});

test('what is complete and was heard to its end stays as it is', () => {
  assert.deepEqual(ends(answer([1000], true), 1000), []);
});

test('an answer of several parts is cut in the one that was heard last; those after it are forgotten', () => {
  assert.deepEqual(ends(answer([500, 1000, 700], true), 800), [
    ['item 1', 300],
    ['item 2', 0],
  ]);
});

test('nothing heard, or nonsense, cuts at 0', () => {
  for (const heardMs of [0, -5, Number.NaN, Number.NEGATIVE_INFINITY]) {
    assert.deepEqual(ends(answer([1000], false), heardMs), [['item 0', 0]]);
  }
});

test('what still comes of a cancelled answer was not heard: it is cut when it is known', () => {
  const made = answer([], false);
  assert.deepEqual(ends(made, 0), []);
  made.addSamples('late', 0, 2400);
  made.done = true;
  assert.deepEqual(ends(made, 0), [['late', 0]]);
  assert.deepEqual(ends(made, 0), [], 'once');
});

test('cuts are whole milliseconds within their part and add up to what was heard', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
      fc.double({ min: -10, max: 12_000, noNaN: true }),
      fc.boolean(),
      (lengthsMs, heardMs, done) => {
        const cuts = answer(lengthsMs, done).cut(heardMs);
        const kept = lengthsMs.map((ms, index) => {
          const cut = cuts.find(({ itemId }) => itemId === `item ${index}`);
          if (cut === undefined) return ms;
          assert.ok(Number.isInteger(cut.audioEndMs) && cut.audioEndMs >= 0 && cut.audioEndMs <= ms);
          return cut.audioEndMs;
        });
        const total = lengthsMs.reduce((sum, ms) => sum + ms, 0);
        const remembered = kept.reduce((sum, ms) => sum + ms, 0);
        assert.ok(Math.abs(remembered - Math.min(total, Math.max(0, heardMs))) <= 1);
      },
    ),
  );
});
