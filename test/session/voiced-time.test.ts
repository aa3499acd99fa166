import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VoicedTime } from '../../src/session/voiced-time.ts';

const RATE = 16_000;

/** Stretches of voice and silence, in milliseconds, in turn. */
function sound(...stretchesMs: readonly number[]): Int16Array {
  const samples = stretchesMs.flatMap((ms, index) =>
    Array.from({ length: (ms * RATE) / 1000 }, (_, at) => (index % 2 === 0 ? 9000 * Math.sin(at / 5) : 0)),
  );
  return Int16Array.from(samples);
}

function voicedTime(pcm: Int16Array, piece = pcm.length): VoicedTime {
  const time = new VoicedTime(RATE);
  for (let at = 0; at < pcm.length; at += piece) time.push(pcm.subarray(at, at + piece));
  return time;
}

test('time runs only while there is voice', () => {
  const time = voicedTime(sound(400, 600, 400));
  assert.equal(time.toVoiced(400), 400);
  assert.equal(time.toVoiced(900), 400);
  assert.equal(time.toVoiced(1200), 600);
  assert.equal(time.toSound(200), 200);
  assert.equal(time.toSound(400), 1000, 'the next voiced moment is after the pause');
  assert.equal(time.toSound(600), 1200);
});

test('beyond the sound that is there, both times run alike', () => {
  const time = voicedTime(sound(400, 600));
  assert.equal(time.toSound(500), 1100);
  assert.equal(time.toVoiced(1100), 500);
});

test('sound without voice counts as voiced throughout', () => {
  const time = voicedTime(new Int16Array(RATE));
  assert.equal(time.toSound(300), 300);
  assert.equal(time.toVoiced(300), 300);
});

test('the sizes of the pieces do not matter', () => {
  const pcm = sound(300, 200, 500, 100, 40);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 1200 }), (piece, ms) => {
      const whole = voicedTime(pcm);
      const pieces = voicedTime(pcm, piece);
      assert.equal(pieces.toSound(ms), whole.toSound(ms));
      assert.equal(pieces.toVoiced(ms), whole.toVoiced(ms));
      assert.equal(pieces.soundMs, 1140);
    }),
    { numRuns: 50 },
  );
});

test('there and back is the same voiced moment', () => {
  const time = voicedTime(sound(300, 200, 500, 100, 400));
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1199, noNaN: true }), (voicedMs) => {
      assert.ok(Math.abs(time.toVoiced(time.toSound(voicedMs)) - voicedMs) < 1e-6);
    }),
  );
});

test('at rates whose blocks are no whole number of samples, minutes do not drift', () => {
  for (const rate of [11_025, 22_050, 44_100]) {
    const time = new VoicedTime(rate);
    for (let second = 0; second < 300; second += 1) time.push(new Int16Array(rate).fill(9000));
    assert.ok(Math.abs(time.soundMs - 300_000) < 1e-6, `${time.soundMs} ms at ${rate} Hz`);
    assert.ok(Math.abs(time.toVoiced(290_000) - 290_000) < 1e-6);
    assert.ok(Math.abs(time.toSound(290_000) - 290_000) < 1e-6);
  }
});
