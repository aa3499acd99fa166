import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoadMeter } from '../../../src/face/engine/load-meter.ts';
import { RunTimes } from '../../../src/face/engine/run-times.ts';

test('the median and the 95th percentile are those of the last 64 runs', () => {
  const times = new RunTimes([5]);
  assert.deepEqual(times.summary, { p50: 5, p95: 5 });
  for (let ms = 1; ms <= 100; ms += 1) times.add(ms);
  assert.deepEqual(times.summary, { p50: 68, p95: 97 });
});

test('the load forgets with ten seconds, however often it is asked', () => {
  const meter = new LoadMeter(0);
  meter.set(1, 0);
  for (let ms = 0; ms < 10_000; ms += 100) meter.set(1, ms);
  assert.ok(Math.abs(meter.average(10_000) - (1 - 1 / Math.E)) < 1e-9);
  meter.set(0, 100_000);
  assert.ok(Math.abs(meter.average(110_000) - 1 / Math.E) < 1e-3);
  assert.equal(new LoadMeter(7).average(7), 0);
});
