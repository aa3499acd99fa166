import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLoopWatch } from '../../src/metrics/event-loop-delay.ts';
import { eventually } from '../support/eventually.ts';

test('a loop that was blocked shows it, and one that was not shows nothing', async () => {
  const watch = new EventLoopWatch();
  assert.deepEqual(watch.delay, { p50: 0, p99: 0 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const until = performance.now() + 200;
  while (performance.now() < until);
  await eventually('the delay is seen', () => watch.delay.p99 > 0.1);
  assert.ok(watch.delay.p99 < 1);
  watch.stop();
});
