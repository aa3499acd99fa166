import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rms, toDbfs } from '../../../src/audio/pcm.ts';
import { type Band, bandLevelMeter } from '../../../src/face/loudness/band-levels.ts';
import { SAMPLE_RATES } from '../../../src/protocol/sample-rates.ts';
import { silence, tone } from '../../support/sounds.ts';

const RATE = 24_000;
const BANDS = ['first', 'back', 'front', 'hiss'] as const satisfies readonly Band[];

/** The levels of a tone once the filters have settled. */
function levelsAt(hz: number, sampleRate = RATE) {
  const pcm = tone({ hz, sampleRate, seconds: 1 });
  const meter = bandLevelMeter(sampleRate);
  meter(pcm.subarray(0, sampleRate / 2));
  return meter(pcm.subarray(sampleRate / 2));
}

test('a tone in the middle of a band is measured whole there, and weaker in every other band', () => {
  for (const [band, hz] of [
    ['first', 487],
    ['back', 1194],
    ['front', 2220],
    ['hiss', 5292],
  ] as const) {
    const levels = levelsAt(hz);
    assert.ok(Math.abs(toDbfs(levels[band]) - (toDbfs(0.5) - 3.01)) < 0.2, `${band}: ${levels[band]}`);
    for (const other of BANDS)
      if (other !== band) assert.ok(levels[other] < 0.7 * levels[band], `${hz} Hz: ${other}`);
  }
});

test('a steady hum far below the voice, like a constant, does not count as sound', () => {
  const meter = bandLevelMeter(RATE);
  const constant = new Int16Array(RATE).fill(10_000);
  meter(constant);
  assert.ok(toDbfs(meter(constant).whole) < -60);
});

test('silence is 0 everywhere, and so are no samples', () => {
  const meter = bandLevelMeter(RATE);
  const none = { whole: 0, first: 0, back: 0, front: 0, hiss: 0 };
  assert.deepEqual(meter(silence(RATE, 0.1)), none);
  assert.deepEqual(meter(new Int16Array(0)), none);
});

test('filters carry on from one frame to the next: no seam', () => {
  const pcm = tone({ hz: 500, sampleRate: RATE, seconds: 0.2 });
  const whole = bandLevelMeter(RATE);
  whole(pcm.subarray(0, 2400));
  const inTwo = bandLevelMeter(RATE);
  inTwo(pcm.subarray(0, 1000));
  inTwo(pcm.subarray(1000, 2400));
  assert.deepEqual(inTwo(pcm.subarray(2400)), whole(pcm.subarray(2400)));
});

test('a band that the sample rate cannot carry stays at 0', () => {
  assert.equal(levelsAt(3900, 8000).hiss, 0);
  assert.ok(levelsAt(5000, 16_000).hiss > 0);
});

test('levels are finite and at most a little over full scale, for any sound at any rate', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLE_RATES), fc.int16Array({ maxLength: 2000 }), (sampleRate, pcm) => {
      for (const level of Object.values(bandLevelMeter(sampleRate)(pcm))) {
        assert.ok(level >= 0 && level <= 1.5, String(level));
      }
    }),
  );
  assert.ok(rms(new Int16Array(10)) === 0);
});
