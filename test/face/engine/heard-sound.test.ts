import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeardSound } from '../../../src/face/engine/heard-sound.ts';

const RATE = 16_000;

/** 1, 2, 3 … as samples. */
const counting = (length: number) => Int16Array.from({ length }, (_, index) => index + 1);

function read(sound: HeardSound, firstFrame: number, length: number): number[] {
  const window = new Float32Array(length).fill(9);
  sound.read(firstFrame, window);
  return Array.from(window, (sample) => Math.round(sample * 32_768));
}

test('before the beginning there is silence; beyond what has come, the last two frames again and again', () => {
  const sound = new HeardSound(RATE, RATE);
  sound.push(counting(2000));
  const samples = read(sound, -3, 1600 + 2000 + 1600);
  assert.ok(samples.slice(0, 1600).every((sample) => sample === 0));
  assert.deepEqual(samples.slice(1600, 3600), [...counting(2000)]);
  assert.deepEqual(samples.slice(3600, 4667), samples.slice(2533, 3600));
  assert.deepEqual(samples.slice(4667), samples.slice(2533, 2533 + 533));
});

test('once it has ended, silence follows', () => {
  const sound = new HeardSound(RATE, RATE);
  sound.push(counting(1000));
  sound.end();
  assert.deepEqual(read(sound, 0, 1200), [...counting(1000), ...new Array<number>(200).fill(0)]);
});

test('before anything has come there is nothing to go by', () => {
  assert.ok(read(new HeardSound(RATE, RATE), 0, 100).every((sample) => sample === 0));
});
