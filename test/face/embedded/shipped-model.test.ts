import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadFlite, runFlite } from '../../../src/agents/offline/speech/flite.ts';
import { createResampler } from '../../../src/audio/resampler.ts';
import type { FaceFrame } from '../../../src/face/animator.ts';
import { EMBEDDED_MODEL, startEmbeddedFace } from '../../../src/face/embedded/embedded-face.ts';
import { aperture } from '../../../src/face/engine/aperture.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { animate } from '../../support/faces.ts';
import { seededRandom, vowel } from '../../support/sounds.ts';

/** The embedded model as it is shipped, where sounds are long, odd or short; more of them in bad-sound.test.ts. How good its lips are is measured by `npm run eval:face`. */
const RATE = 16_000;
const folder = fileURLToPath(new URL('../../../models', import.meta.url));
const skip = existsSync(join(folder, EMBEDDED_MODEL)) ? false : `there is no ${EMBEDDED_MODEL} in models/`;

const face = skip
  ? undefined
  : await startEmbeddedFace({
      folder,
      readout: 'lam',
      visemes: true,
      processes: 1,
      variables: {},
      settings: { silenceDbfs: -50, smoothing: true, symmetry: true, closureSharpening: 1 },
      clock: systemClock(),
      onNotice: () => undefined,
    });
after(() => face?.pool.close());

/** What it makes of a sound; the check that nothing of it is out of range goes along. */
async function framesFor(pcm: Int16Array, sampleRate = RATE): Promise<readonly FaceFrame[]> {
  assert.ok(face !== undefined);
  const frames = await animate(face.animator, [pcm], sampleRate);
  assert.equal(frames.length, Math.ceil((pcm.length * 30) / sampleRate));
  for (const { weights, visemes = [], index } of frames) {
    for (const weight of [...weights, ...visemes])
      assert.ok(weight >= 0 && weight <= 1, `${weight} in frame ${index}`);
  }
  return frames;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean aperture, but for the ends of the turn. */
async function opening(pcm: Int16Array, sampleRate = RATE): Promise<number> {
  return mean((await framesFor(pcm, sampleRate)).slice(6, -6).map(({ weights }) => aperture(weights)));
}

/** A sentence of a synthetic voice. */
async function speechAt(sampleRate: number): Promise<Int16Array> {
  const spoken = await runFlite(
    await loadFlite(),
    'rms',
    'The quick brown fox jumps over the lazy dog all day.',
  );
  const resampler = createResampler(spoken.sampleRate, sampleRate);
  return resampler.push(spoken.pcm);
}

test('telephone sound at its own rate opens the mouth as far as the same speech in full', {
  skip,
}, async () => {
  const clean = await opening(await speechAt(RATE));
  assert.ok(clean > 0.1, `speech: ${clean.toFixed(3)}`);
  const telephone = await opening(await speechAt(8000), 8000);
  assert.ok(telephone > 0.6 * clean, `telephone: ${telephone.toFixed(3)}, clean: ${clean.toFixed(3)}`);
});

test('through a minute of one vowel the mouth does not flutter', { skip }, async () => {
  const second = vowel(RATE, 1, [750, 1200]);
  const pcm = Int16Array.from({ length: 60 * RATE }, (_, index) => second[index % RATE] ?? 0);
  const held = (await framesFor(pcm)).slice(60, -6).map(({ weights }) => aperture(weights));
  const changes = held.slice(1).map((now, index) => Math.abs(now - (held[index] ?? 0)));
  assert.ok(mean(changes) < 0.005, `mean change ${mean(changes)}`);
});

test('sound of random bits, full scale and of every length is animated', { skip }, async () => {
  const random = seededRandom(5);
  const bits = Int16Array.from({ length: RATE }, () => Math.round(random() * 65_535 - 32_768));
  await framesFor(bits);
  await framesFor(Int16Array.from({ length: RATE }, (_, index) => (index % 2 === 0 ? 32_767 : -32_768)));
  for (const samples of [1, 2, 399, 400, 533, 534, 1600, 34_133, 34_134])
    await framesFor(bits.slice(0, samples));
});

test('samples that are no numbers fail their window, and the next one is fine', { skip }, async () => {
  assert.ok(face !== undefined);
  const { pool } = face;
  const { signal } = new AbortController();
  const run = (samples: Float32Array) =>
    pool.run({ samples, dueAt: Number.POSITIVE_INFINITY, signal }).then(
      (rows) => rows.every((number) => number >= 0 && number <= 1),
      () => 'refused',
    );
  assert.ok([true, 'refused'].includes(await run(new Float32Array(16_000).fill(Number.NaN))));
  assert.equal(await run(new Float32Array(16_000)), true);
});
