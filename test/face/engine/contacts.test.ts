import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lips } from '../../../src/face/animator.ts';
import { contactsIn } from '../../../src/face/engine/contacts.ts';

/** What is shown of contacts as likely as this, frame by frame. */
function shown(...closed: readonly (number | undefined)[]): readonly number[] {
  const lipsAt = (frame: number): Lips | undefined => {
    const likely = closed[frame];
    return likely === undefined ? undefined : { closed: likely, bitten: 0 };
  };
  return closed.map((_, frame) => contactsIn(frame, lipsAt).closed);
}

test('a contact of one or two frames is shown whole, of a longer one the inside', () => {
  assert.deepEqual(shown(0, 1, 0), [0, 1, 0]);
  assert.deepEqual(shown(0, 1, 1, 0), [0, 1, 1, 0]);
  assert.deepEqual(shown(0, 1, 1, 1, 0), [0, 0, 1, 0, 0]);
  assert.deepEqual(shown(0, 1, 1, 1, 1, 0), [0, 0, 1, 1, 0, 0]);
});

test('a frame that nobody has heard yet may go on as the last one', () => {
  assert.deepEqual(shown(1, 1, 1, undefined), [1, 1, 1, 0]);
});

test('what is unlikely is not shown, what is likelier than not is certain', () => {
  assert.deepEqual(shown(0, 0.2, 0), [0, 0, 0]);
  assert.deepEqual(shown(0, 0.5, 0), [0, 1, 0]);
  const [, between = 0] = shown(0, 0.35, 0);
  assert.ok(Math.abs(between - 0.5) < 1e-6);
});

test('lips on teeth are a contact of their own', () => {
  const lipsAt = (frame: number) => ({ closed: 0, bitten: frame === 1 ? 1 : 0 });
  assert.deepEqual(contactsIn(1, lipsAt), { closed: 0, bitten: 1 });
});
