import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Resampler } from '../../client/src/resampler.ts';

const sine = (hz: number, rate: number, seconds = 0.5) =>
  Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hz * at) / rate));

function convert(samples: Float32Array, from: number, to: number, piece = samples.length): Float32Array {
  const resampler = new Resampler(from, to);
  const pieces: Float32Array[] = [];
  for (let at = 0; at < samples.length; at += piece)
    pieces.push(resampler.push(samples.subarray(at, at + piece)));
  pieces.push(resampler.end());
  return Float32Array.from(pieces.flatMap((each) => [...each]));
}

/** Loudest in the middle, where the filter is full; dB of full scale. */
function levelDb(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, (3 * samples.length) >> 2);
  return 20 * Math.log10(Math.max(1e-9, ...middle.map(Math.abs)));
}

describe('the resampler', () => {
  const ways = [
    [48_000, 24_000],
    [44_100, 24_000],
    [48_000, 16_000],
    [44_100, 16_000],
    [24_000, 48_000],
  ] as const;
  for (const [from, to] of ways) {
    it(`keeps a tone that ${to} Hz can hold, from ${from} Hz, where it is and as it is`, () => {
      const out = convert(sine(1000, from), from, to);
      const wanted = sine(1000, to);
      assert.equal(out.length, wanted.length);
      const middle = out.subarray(1000, -1000).map((sample, at) => sample - (wanted[at + 1000] ?? 0));
      assert.ok(levelDb(middle) < -60, `off by ${levelDb(middle)} dB`);
    });
  }

  for (const [from, to] of ways.slice(0, 4)) {
    it(`lets nothing above what ${to} Hz can hold fold back, from ${from} Hz: below -60 dB`, () => {
      for (const share of [1.05, 1.3, 1.6, 1.8]) {
        const hz = (share * to) / 2;
        if (hz > from / 2) continue;
        const alias = levelDb(convert(sine(hz, from), from, to));
        assert.ok(alias < -60, `${hz} Hz comes back at ${alias} dB`);
      }
    });
  }

  it('gives the same whatever pieces the sound comes in', () => {
    const sound = sine(700, 48_000, 0.05);
    const whole = convert(sound, 48_000, 24_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (piece) => {
        assert.deepEqual(convert(sound, 48_000, 24_000, piece), whole);
      }),
      { numRuns: 20 },
    );
  });
});
