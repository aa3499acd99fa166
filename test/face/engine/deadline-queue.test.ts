import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DeadlineQueue, type Waiting } from '../../../src/face/engine/deadline-queue.ts';

const waiting = fc.record({
  dueAt: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.POSITIVE_INFINITY)),
  since: fc.nat(1000),
});

test('what waits comes out by deadline, and in the order it came where deadlines are equal', () => {
  fc.assert(
    fc.property(fc.uniqueArray(waiting, { selector: ({ since }) => since }), (items) => {
      const queue = new DeadlineQueue<Waiting>(1000);
      for (const item of items) assert.equal(queue.add(item), undefined);
      const taken = Array.from(items, () => queue.take());
      // Not a - b: two without a deadline are equal.
      const byDeadline = (a: Waiting, b: Waiting) =>
        a.dueAt === b.dueAt ? a.since - b.since : a.dueAt < b.dueAt ? -1 : 1;
      assert.deepEqual(taken, items.toSorted(byDeadline));
      assert.equal(queue.take(), undefined);
    }),
  );
});

test('a full queue gives up the least urgent, which may be the one that comes', () => {
  const queue = new DeadlineQueue<Waiting>(2);
  const late = { dueAt: 30, since: 0 };
  const later = { dueAt: 40, since: 1 };
  queue.add(late);
  queue.add({ dueAt: 10, since: 1 });
  assert.equal(queue.add(later), later);
  assert.equal(queue.add({ dueAt: 20, since: 2 }), late);
  assert.equal(queue.size, 2);
});

test('it knows since when the oldest waits', () => {
  const queue = new DeadlineQueue<Waiting>(9);
  assert.equal(queue.oldestSince, undefined);
  const oldest = { dueAt: 9, since: 3 };
  queue.add({ dueAt: 1, since: 5 });
  queue.add(oldest);
  assert.equal(queue.oldestSince, 3);
  queue.remove(oldest);
  queue.remove(oldest);
  assert.equal(queue.oldestSince, 5);
  assert.equal(queue.clear().length, 1);
  assert.equal(queue.size, 0);
});
