import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatPcm } from '../../src/audio/pcm.ts';
import { SampleQueue } from '../../src/audio/sample-queue.ts';

test('however sound goes in and out, every sample comes out once, in order', () => {
  const step = fc.oneof(
    fc.int16Array({ maxLength: 50 }).map((pcm) => ({ push: pcm })),
    fc.nat(80).map((count) => ({ take: count })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new SampleQueue();
      const pushed: Int16Array[] = [];
      const taken: Int16Array[] = [];
      for (const action of steps) {
        const before = queue.length;
        if ('push' in action) {
          queue.push(action.push);
          pushed.push(action.push);
          assert.equal(queue.length, before + action.push.length);
        } else {
          const slice = queue.take(action.take);
          taken.push(slice);
          assert.equal(slice.length, Math.min(action.take, before));
          assert.equal(queue.length, before - slice.length);
        }
      }
      taken.push(queue.take(queue.length));
      assert.deepEqual(concatPcm(taken), concatPcm(pushed));
    }),
  );
});

test('taking more than there is gives all there is', () => {
  const queue = new SampleQueue();
  queue.push(Int16Array.of(1, 2, 3));
  assert.deepEqual(queue.take(10), Int16Array.of(1, 2, 3));
  assert.deepEqual(queue.take(10), new Int16Array(0));
  assert.equal(queue.length, 0);
});

test('what is taken is the taker’s own', () => {
  const queue = new SampleQueue();
  const pushed = Int16Array.of(1, 2, 3, 4);
  queue.push(pushed);
  queue.take(2).fill(99);
  assert.deepEqual(pushed, Int16Array.of(1, 2, 3, 4));
  assert.deepEqual(queue.take(2), Int16Array.of(3, 4));
});

test('clearing forgets everything, also half a chunk', () => {
  const queue = new SampleQueue();
  queue.push(Int16Array.of(1, 2, 3));
  queue.take(1);
  queue.clear();
  assert.equal(queue.length, 0);
  queue.push(Int16Array.of(7, 8));
  assert.deepEqual(queue.take(5), Int16Array.of(7, 8));
});
