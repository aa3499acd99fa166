import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clipToInt16,
  concatPcm,
  frameStart,
  msToSamples,
  rms,
  samplesToMs,
  toDbfs,
} from '../../src/audio/pcm.ts';
import { FRAME_RATES } from '../../src/config/face-settings.ts';
import { SAMPLE_RATES } from '../../src/protocol/sample-rates.ts';
import { tone } from '../support/sounds.ts';

test('frames tile the sound exactly at every sample rate and frame rate', () => {
  const rate = fc.constantFrom(...SAMPLE_RATES);
  fc.assert(
    fc.property(rate, fc.constantFrom(...FRAME_RATES), fc.nat(30 * 3600), (sampleRate, fps, index) => {
      assert.equal(frameStart(0, sampleRate, fps), 0);
      const length = frameStart(index + 1, sampleRate, fps) - frameStart(index, sampleRate, fps);
      // All of one length, or of two that are a sample apart: never empty, never a jump.
      assert.ok(length === Math.floor(sampleRate / fps) || length === Math.ceil(sampleRate / fps));
      // No drift: after whole seconds the sound stands exactly at whole seconds.
      assert.equal(frameStart(index * fps, sampleRate, fps), index * sampleRate);
    }),
  );
});

test('milliseconds and samples convert into each other', () => {
  assert.equal(samplesToMs(24_000, 24_000), 1000);
  assert.equal(samplesToMs(1, 16_000), 0.0625);
  assert.equal(msToSamples(20, 24_000), 480);
  assert.equal(msToSamples(20, 11_025), 221);
  fc.assert(
    fc.property(fc.nat(1e7), fc.constantFrom(...SAMPLE_RATES), (samples, sampleRate) =>
      assert.equal(msToSamples(samplesToMs(samples, sampleRate), sampleRate), samples),
    ),
  );
});

test('loudness is 0 for nothing, 1 for full scale, and 3 dB below the peak for a sine', () => {
  assert.equal(rms(new Int16Array(0)), 0);
  assert.equal(rms(new Int16Array(100)), 0);
  assert.equal(rms(Int16Array.of(-32_768, -32_768)), 1);
  const sine = tone({ hz: 100, sampleRate: 16_000, seconds: 1, amplitude: 0.5 });
  assert.ok(Math.abs(toDbfs(rms(sine)) - (toDbfs(0.5) - 3.01)) < 0.01);
});

test('decibels never go below -120, whatever the amplitude', () => {
  assert.equal(toDbfs(0), -120);
  assert.ok(Math.abs(toDbfs(1)) < 1e-6);
  assert.ok(Math.abs(toDbfs(0.1) + 20) < 1e-6);
});

test('samples beyond 16 bits are clipped, those within are rounded', () => {
  assert.equal(clipToInt16(40_000), 32_767);
  assert.equal(clipToInt16(-40_000), -32_768);
  assert.equal(clipToInt16(Infinity), 32_767);
  assert.equal(clipToInt16(12.6), 13);
});

test('parts are joined in order, into an array of its own', () => {
  const first = Int16Array.of(1, 2);
  const whole = concatPcm([first, new Int16Array(0), Int16Array.of(3)]);
  first.fill(9);
  assert.deepEqual(whole, Int16Array.of(1, 2, 3));
  assert.deepEqual(concatPcm([]), new Int16Array(0));
});
