import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOR_MODELS, FULL_QUALITY, filterBank } from '../../src/audio/filter-bank.ts';
import { SAMPLE_RATES } from '../../src/protocol/sample-rates.ts';

test('the filters between two rates are designed once, however often they are asked for', () => {
  for (const fromRate of SAMPLE_RATES) {
    const first = filterBank(fromRate, 24_000, FULL_QUALITY);
    for (let again = 0; again < 3; again += 1) {
      assert.equal(filterBank(fromRate, 24_000, FULL_QUALITY), first, `${fromRate} Hz`);
    }
  }
});

test('rates of the same ratio share them, qualities do not', () => {
  const bank = filterBank(48_000, 24_000, FULL_QUALITY);
  assert.equal(filterBank(32_000, 16_000, FULL_QUALITY), bank);
  assert.notEqual(filterBank(48_000, 24_000, FOR_MODELS), bank);
  assert.notEqual(filterBank(24_000, 48_000, FULL_QUALITY), bank);
});

test('what is kept is bounded, and huge filters of odd rates are not kept at all', () => {
  const first = filterBank(1, 3, FOR_MODELS);
  for (let rate = 100; rate < 140; rate += 1) filterBank(rate, 1, FOR_MODELS);
  assert.notEqual(filterBank(1, 3, FOR_MODELS), first);
  const few = { ...FOR_MODELS, zeroCrossings: 2 };
  assert.notEqual(filterBank(24_000, 23_999, few), filterBank(24_000, 23_999, few));
});

test('every filter leaves a constant the same constant', () => {
  const { filters, halfTaps, phases } = filterBank(44_100, 24_000, FULL_QUALITY);
  assert.equal(filters.length, phases);
  for (const filter of filters) {
    assert.equal(filter.length, 2 * halfTaps);
    assert.ok(Math.abs(filter.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
  }
});
