import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitBreaker } from '../../../src/face/engine/circuit-breaker.ts';

test('five deaths in a minute open it for a minute, four do not', () => {
  const breaker = new CircuitBreaker();
  for (const atMs of [0, 10_000, 20_000, 30_000]) breaker.died(atMs);
  assert.equal(breaker.state(59_999), 'closed');
  breaker.died(59_999);
  assert.equal(breaker.state(60_000), 'open');
  assert.equal(breaker.reopensAt, 119_999);
  assert.equal(breaker.state(119_998), 'open');
  assert.equal(breaker.state(119_999), 'half-open');
});

test('only the last minute counts', () => {
  const breaker = new CircuitBreaker();
  for (let atMs = 0; atMs < 1_000_000; atMs += 15_000) breaker.died(atMs);
  assert.equal(breaker.state(1_000_000), 'closed');
});

test('half-open, one thing that works closes it, one death opens it again', () => {
  const breaker = new CircuitBreaker();
  for (let death = 0; death < 5; death += 1) breaker.died(death);
  assert.equal(breaker.worked(1000), false);
  assert.equal(breaker.state(1000), 'open');
  breaker.died(60_004);
  assert.equal(breaker.state(60_005), 'open');
  assert.equal(breaker.worked(120_004), true);
  assert.equal(breaker.state(120_004), 'closed');
  breaker.died(120_005);
  assert.equal(breaker.state(120_005), 'closed');
});

test('deaths while it is open do not keep it open', () => {
  const breaker = new CircuitBreaker();
  for (let death = 0; death < 20; death += 1) breaker.died(death);
  assert.equal(breaker.reopensAt, 60_004);
});
