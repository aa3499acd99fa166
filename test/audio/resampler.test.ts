import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatPcm, rms, toDbfs } from '../../src/audio/pcm.ts';
import { createResampler } from '../../src/audio/resampler.ts';
import { SAMPLE_RATES } from '../../src/protocol/sample-rates.ts';
import { cutRandomly, measureTone, noise, seededRandom, silence, tone } from '../support/sounds.ts';

/** Pairs that real conversations use; each makes a filter small enough to build hundreds of times. */
const PAIRS: readonly (readonly [fromRate: number, toRate: number])[] = [
  [48_000, 16_000],
  [44_100, 24_000],
  [24_000, 16_000],
  [16_000, 24_000],
  [8000, 24_000],
  [22_050, 24_000],
  [24_000, 24_000],
];

function inOnePiece(pcm: Int16Array, fromRate: number, toRate: number): Int16Array {
  return inPieces([pcm], fromRate, toRate);
}

function inPieces(pieces: readonly Int16Array[], fromRate: number, toRate: number): Int16Array {
  const resampler = createResampler(fromRate, toRate);
  const out = pieces.map((piece) => resampler.push(piece));
  return concatPcm([...out, resampler.flush()]);
}

test('cut anywhere, the sound comes out as if it were one piece, sample for sample', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PAIRS),
      fc.nat(3000),
      fc.nat(),
      fc.nat(2000),
      (pair, length, seed, longest) => {
        const pcm = noise(length, 1, 1, seed);
        const pieces = cutRandomly(pcm, longest + 1, seededRandom(seed));
        assert.deepEqual(inPieces(pieces, ...pair), inOnePiece(pcm, ...pair));
      },
    ),
    { numRuns: 150 },
  );
});

test('sample by sample is the same as in one piece', () => {
  const pcm = noise(16_000, 0.05, 0.8);
  const pieces = Array.from(pcm, (sample) => Int16Array.of(sample));
  assert.deepEqual(inPieces(pieces, 16_000, 24_000), inOnePiece(pcm, 16_000, 24_000));
});

test('in all, ceil(samples · to / from) samples come out, between any two of the rates', () => {
  const random = seededRandom(3);
  for (const fromRate of SAMPLE_RATES) {
    for (const toRate of SAMPLE_RATES) {
      const length = Math.floor(random() * 2000);
      const out = inOnePiece(new Int16Array(length), fromRate, toRate);
      assert.equal(out.length, Math.ceil((length * toRate) / fromRate), `${fromRate} to ${toRate}`);
    }
  }
});

test('nothing in, nothing out', () => {
  assert.equal(inPieces([], 48_000, 16_000).length, 0);
  assert.equal(inOnePiece(new Int16Array(0), 16_000, 48_000).length, 0);
});

test('equal rates pass the samples through untouched', () => {
  const pcm = noise(24_000, 0.1, 1);
  assert.deepEqual(createResampler(24_000, 24_000).push(pcm), pcm);
  assert.equal(createResampler(24_000, 24_000).flush().length, 0);
});

test('after a flush it is as new', () => {
  const resampler = createResampler(24_000, 16_000);
  const pcm = noise(24_000, 0.1, 0.9);
  const first = concatPcm([resampler.push(pcm), resampler.flush()]);
  const second = concatPcm([resampler.push(pcm), resampler.flush()]);
  assert.deepEqual(second, first);
});

test('a tone of 1 kHz keeps its loudness and its place: no gain, no delay', () => {
  for (const [fromRate, toRate] of PAIRS) {
    const out = inOnePiece(tone({ hz: 1000, sampleRate: fromRate, seconds: 0.5 }), fromRate, toRate);
    const { amplitude, phase } = measureTone(out, 1000, toRate);
    assert.ok(Math.abs(amplitude / 0.5 - 1) < 0.001, `${fromRate} to ${toRate}: amplitude ${amplitude}`);
    // 0.001 of a radian is 0.16 µs: a hundredth of a sample.
    assert.ok(Math.abs(phase) < 0.001, `${fromRate} to ${toRate}: phase ${phase}`);
  }
});

test('tones up to 85 % of the lower Nyquist frequency lose less than 0.1 dB', () => {
  for (const [fromRate, toRate] of PAIRS) {
    const hz = 0.85 * (Math.min(fromRate, toRate) / 2);
    const out = inOnePiece(tone({ hz, sampleRate: fromRate, seconds: 0.5 }), fromRate, toRate);
    const lossDb = toDbfs(0.5) - toDbfs(measureTone(out, hz, toRate).amplitude);
    assert.ok(Math.abs(lossDb) < 0.1, `${fromRate} to ${toRate}: ${lossDb} dB`);
  }
});

test('a constant stays the same constant', () => {
  const out = inOnePiece(new Int16Array(4000).fill(12_345), 24_000, 16_000);
  assert.ok(out.subarray(100, -100).every((sample) => Math.abs(sample - 12_345) <= 1));
});

test('tones above the new Nyquist frequency come out 80 dB quieter, instead of as other tones', () => {
  for (const [fromRate, toRate, tonesHz] of [
    [48_000, 16_000, [8200, 9000, 12_000, 15_000, 20_000, 23_000]],
    [44_100, 16_000, [8200, 10_000, 15_500, 21_000]],
    [24_000, 16_000, [8200, 9000, 10_000, 11_500]],
  ] as const) {
    for (const hz of tonesHz) {
      const loud = tone({ hz, sampleRate: fromRate, seconds: 0.5, amplitude: 0.99 });
      const out = inOnePiece(loud, fromRate, toRate);
      // The middle: at its ends a tone is cut off, which is sound of every frequency.
      const rejectedDb = toDbfs(rms(loud)) - toDbfs(rms(out.subarray(1000, -1000)));
      assert.ok(rejectedDb >= 80, `${hz} Hz, ${fromRate} to ${toRate}: ${rejectedDb.toFixed(1)} dB`);
    }
  }
});

test('a higher rate brings no mirror images: they are 80 dB quieter than the tone', () => {
  for (const hz of [1000, 3000, 6500]) {
    const out = inOnePiece(tone({ hz, sampleRate: 16_000, seconds: 0.5, amplitude: 0.99 }), 16_000, 24_000);
    const { amplitude } = measureTone(out.subarray(1000, -1000), hz, 24_000);
    // 16000 - hz lies above 12 kHz for the low tones and comes down again as 24000 - (16000 - hz).
    const imageHz = 16_000 - hz > 12_000 ? 8000 + hz : 16_000 - hz;
    const image = measureTone(out.subarray(1000, -1000), imageHz, 24_000).amplitude;
    assert.ok(toDbfs(amplitude) - toDbfs(image) >= 80, `${hz} Hz: image ${toDbfs(image).toFixed(1)} dBFS`);
  }
});

test('full-scale sound is clipped, never wrapped around', () => {
  const square = Int16Array.from({ length: 4000 }, (_, index) => (index % 40 < 20 ? 32_767 : -32_768));
  const out = inOnePiece(square, 24_000, 16_000);
  for (let index = 100; index < out.length - 100; index += 1) {
    const position = (index * 1.5) % 40;
    if (position > 3 && position < 17) assert.ok((out[index] ?? 0) > 20_000);
    if (position > 23 && position < 37) assert.ok((out[index] ?? 0) < -20_000);
  }
});

test('ten minutes in pieces of 100 ms give out as much sound as went in: nothing drifts or piles up', () => {
  const resampler = createResampler(44_100, 8000);
  const piece = silence(44_100, 0.1);
  let out = 0;
  for (let pieces = 1; pieces <= 6000; pieces += 1) {
    out += resampler.push(piece).length;
    if (pieces % 1000 === 0) {
      // What is held back is the filter's half: 40 samples of the lower rate.
      const heldBack = (pieces * 4410 * 8000) / 44_100 - out;
      assert.ok(heldBack >= 0 && heldBack <= 41, `${heldBack} samples held back`);
    }
  }
  assert.equal(out + resampler.flush().length, 10 * 60 * 8000);
});
