import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TokenBucket } from '../../src/auth/token-bucket.ts';

const LIMITS = { capacity: 10, refillPerSecond: 5 };

test('a full bucket lets a burst of its capacity through, and nothing more', () => {
  const bucket = new TokenBucket(LIMITS, 0);
  for (let taken = 0; taken < 10; taken += 1) assert.equal(bucket.take(1, 0), true);
  assert.equal(bucket.take(1, 0), false);
});

test('it fills up again at its rate, to its capacity', () => {
  const bucket = new TokenBucket(LIMITS, 1000);
  assert.equal(bucket.take(10, 1000), true);
  assert.equal(bucket.take(1, 1199), false);
  assert.equal(bucket.take(1, 1200), true);
  assert.equal(bucket.take(10.1, 1_000_000), false);
  assert.equal(bucket.take(10, 1_000_000), true);
});

test('a refusal costs nothing', () => {
  const bucket = new TokenBucket(LIMITS, 0);
  assert.equal(bucket.take(11, 0), false);
  assert.equal(bucket.take(10, 0), true);
});

test('it says how long to wait, and then lets through', () => {
  const bucket = new TokenBucket(LIMITS, 0);
  assert.equal(bucket.waitMs(1, 0), 0);
  bucket.take(10, 0);
  assert.equal(bucket.waitMs(1, 0), 200);
  assert.equal(bucket.waitMs(3, 0), 600);
  assert.equal(bucket.take(3, 600), true);
});

test('whatever is asked for and when, no more goes through than capacity and refill allow', () => {
  const request = fc.record({
    cost: fc.double({ min: 0, max: 15, noNaN: true }),
    afterMs: fc.double({ min: 0, max: 5000, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 100 }), (requests) => {
      const bucket = new TokenBucket(LIMITS, 0);
      let nowMs = 0;
      let through = 0;
      for (const { cost, afterMs } of requests) {
        nowMs += afterMs;
        if (bucket.take(cost, nowMs)) through += cost;
        // Costs are rounded down to whole microseconds.
        const roundedAway = requests.length * 1e-6 * LIMITS.refillPerSecond;
        assert.ok(through <= LIMITS.capacity + (nowMs / 1000) * LIMITS.refillPerSecond + roundedAway);
      }
    }),
  );
});

test('who waits as long as told is let through', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 }),
      (costs) => {
        const bucket = new TokenBucket(LIMITS, 0);
        let nowMs = 0;
        for (const cost of costs) {
          if (!bucket.take(cost, nowMs)) {
            nowMs += bucket.waitMs(cost, nowMs);
            assert.equal(bucket.take(cost, nowMs), true);
          }
        }
      },
    ),
  );
});

test('asked every millisecond, it lets the next one through exactly when it should, neither sooner nor later', () => {
  const bucket = new TokenBucket({ capacity: 100, refillPerSecond: 10 }, 12_345.678);
  for (let taken = 0; taken < 100; taken += 1) assert.equal(bucket.take(1, 12_345.678), true);
  for (let ms = 0; ms < 100; ms += 1) assert.equal(bucket.take(1, 12_345.678 + ms), false);
  assert.equal(bucket.take(1, 12_445.678), true);
});

test('a burst is as large as promised whatever the rate, one by one or at once', () => {
  for (const refillPerSecond of [3, 7, 0.3, 1000 / 7]) {
    const bucket = new TokenBucket({ capacity: 60, refillPerSecond }, 5);
    for (let taken = 0; taken < 60; taken += 1) assert.equal(bucket.take(1, 5), true);
    assert.equal(bucket.take(1, 5), false);
  }
});
