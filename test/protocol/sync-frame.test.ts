import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLENDSHAPES } from '../../src/protocol/blendshapes.ts';
import { type SyncFrame, syncFrameEncoder } from '../../src/protocol/sync-frame.ts';
import { VISEMES } from '../../src/protocol/visemes.ts';

const FRAME: SyncFrame = {
  frameIndex: 7,
  weights: new Float32Array(52),
  pcm: Int16Array.of(1, -2, 3),
  filler: false,
  timestamp: 1_767_225_600_123,
};

interface DecodedFrame {
  readonly weights: Readonly<Record<string, number>>;
  readonly audio: string;
  readonly [field: string]: unknown;
}

function encoded(frame: Partial<SyncFrame> = {}, sessionId = 's', turnId = 't'): string {
  return syncFrameEncoder(sessionId, turnId)({ ...FRAME, ...frame });
}

function decoded(frame: Partial<SyncFrame> = {}): DecodedFrame {
  return JSON.parse(encoded(frame)) as DecodedFrame;
}

function samplesOf(audio: string): Int16Array {
  return new Int16Array(new Uint8Array(Buffer.from(audio, 'base64')).buffer);
}

test('a frame carries every field under its wire name', () => {
  const { weights, ...rest } = decoded();
  assert.deepEqual(rest, {
    type: 'sync_frame',
    audio: Buffer.from(FRAME.pcm.buffer).toString('base64'),
    sessionId: 's',
    turnId: 't',
    frameIndex: 7,
    timestamp: 1_767_225_600_123,
  });
  assert.equal(Object.keys(weights).length, 52);
});

test('filler is there when true and absent when false', () => {
  assert.equal(decoded({ filler: true })['filler'], true);
  assert.ok(!('filler' in decoded({ filler: false })));
});

test('visemes are there by name when they are told, and absent otherwise', () => {
  const visemes = new Float32Array(15);
  visemes.set([0.25, Number.NaN, 2]);
  const told = decoded({ visemes })['visemes'] as Record<string, number>;
  assert.deepEqual(Object.keys(told), [...VISEMES]);
  assert.deepEqual(Object.values(told).slice(0, 4), [0.25, 0, 1, 0]);
  assert.ok(!('visemes' in decoded()));
});

test('weights that are not numbers, or out of range, go out as 0 or 1', () => {
  const values = [Number.NaN, Infinity, -Infinity, -0.5, 1.7, -0, 1, 0.00004, 0.00006, 0.99996, 0.5];
  const weights = new Float32Array(52);
  weights.set(values);
  assert.deepEqual(
    Object.values(decoded({ weights }).weights).slice(0, values.length),
    [0, 1, 0, 0, 1, 0, 1, 0, 0.0001, 1, 0.5],
  );
});

test('weights that are too few are filled up with 0, and too many are left out', () => {
  assert.deepEqual(Object.values(decoded({ weights: Float32Array.of(1) }).weights), [
    1,
    ...Array(51).fill(0),
  ]);
  const tooMany = new Float32Array(60).fill(1);
  assert.deepEqual(Object.keys(decoded({ weights: tooMany }).weights), [...BLENDSHAPES]);
});

test('whatever the weights are, 52 names go out in order, each 0..1, rounded to 4 decimals', () => {
  const weight = fc.oneof(
    fc.float({ min: 0, max: 1, noNaN: true }),
    fc.float(),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, -0),
  );
  fc.assert(
    fc.property(fc.array(weight, { minLength: 52, maxLength: 52 }), (values) => {
      const weights = Float32Array.from(values);
      const text = encoded({ weights });
      const printed = /"weights":\{([^}]*)\}/.exec(text)?.[1]?.split(',') ?? [];
      assert.equal(printed.length, 52);
      for (const [index, entry] of printed.entries()) {
        assert.match(entry, /^"[a-zA-Z]+":(0|1|0\.\d{1,4})$/);
        const [name, number] = Object.entries(JSON.parse(`{${entry}}`) as Record<string, number>)[0] ?? [];
        assert.equal(name, BLENDSHAPES[index]);
        const given = weights[index] ?? Number.NaN;
        const clamped = Number.isNaN(given) ? 0 : Math.max(0, Math.min(1, given));
        assert.equal(number, Math.round(clamped * 10_000) / 10_000);
      }
      assert.doesNotThrow(() => JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test('any sound arrives sample for sample, also a view into a larger array', () => {
  fc.assert(
    fc.property(fc.int16Array(), fc.nat(), fc.nat(), (whole, from, length) => {
      const view = whole.subarray(from % (whole.length + 1)).subarray(0, length);
      assert.deepEqual(samplesOf(decoded({ pcm: view }).audio), new Int16Array(view));
    }),
  );
});

test('any ids, also with quotes and control characters, make valid JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (sessionId, turnId) => {
      const frame = JSON.parse(encoded({}, sessionId, turnId)) as DecodedFrame;
      assert.equal(frame['sessionId'], sessionId);
      assert.equal(frame['turnId'], turnId);
    }),
  );
});
