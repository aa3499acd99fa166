import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ending } from '../src/ending.ts';
import { silentLogger } from '../src/log.ts';

/** An app whose draining and closing a test lets go on. */
function ending() {
  const drained = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const asked: string[] = [];
  const exits: number[] = [];
  const app = {
    drain: (graceMs: number) => {
      asked.push(`drain ${graceMs}`);
      return drained.promise;
    },
    close: () => {
      asked.push('close');
      return closed.promise;
    },
  };
  const exit = (code: number) => exits.push(code);
  return {
    it: new Ending({ app, log: silentLogger(), graceMs: 10_000, exit }),
    drained,
    closed,
    asked,
    exits,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a signal drains, closes, and exits with 0', async () => {
  const { it, drained, closed, asked, exits } = ending();
  it.signalled('SIGTERM');
  assert.deepEqual(asked, ['drain 10000']);
  drained.resolve();
  await settled();
  assert.deepEqual(asked, ['drain 10000', 'close']);
  assert.deepEqual(exits, []);
  closed.resolve();
  await settled();
  assert.deepEqual(exits, [0]);
});

test('a second signal exits at once', () => {
  const { it, exits } = ending();
  it.signalled('SIGTERM');
  it.signalled('SIGINT');
  assert.deepEqual(exits, [1]);
});

test('an unexpected fault drains shortly and exits with 70; a second one at once', async () => {
  const first = ending();
  first.it.failed(new Error('x'));
  assert.deepEqual(first.asked, ['drain 2000']);
  first.drained.resolve();
  first.closed.resolve();
  await settled();
  assert.deepEqual(first.exits, [70]);

  const second = ending();
  second.it.failed(new Error('x'));
  second.it.failed(new Error('y'));
  assert.deepEqual(second.exits, [70]);
});

test('an end that fails exits with 70', async () => {
  const { it, drained, exits } = ending();
  it.signalled('SIGTERM');
  drained.reject(new Error('x'));
  await settled();
  assert.deepEqual(exits, [70]);
});

test('what does not close in time is not waited for', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { it, exits } = ending();
  it.signalled('SIGTERM');
  context.mock.timers.tick(14_499);
  assert.deepEqual(exits, []);
  context.mock.timers.tick(1);
  assert.deepEqual(exits, [0]);
});
