import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadFlite, runFlite } from '../../../src/agents/offline/speech/flite.ts';
import { createResampler } from '../../../src/audio/resampler.ts';
import type { FaceFrame } from '../../../src/face/animator.ts';
import { EMBEDDED_MODEL, startEmbeddedFace } from '../../../src/face/embedded/embedded-face.ts';
import { BLENDSHAPE_INDEX as COLUMN } from '../../../src/protocol/blendshapes.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { animate } from '../../support/faces.ts';
import { amplified, mixed, noise, seededRandom, silence, tone, vowel } from '../../support/sounds.ts';

/** What sound can do to the embedded model as it is shipped. How good its lips are is measured by `npm run eval:face`. */
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

function aperture({ weights }: FaceFrame): number {
  const at = (name: keyof typeof COLUMN) => weights[COLUMN[name]] ?? Number.NaN;
  return (
    at('jawOpen') + 0.5 * at('mouthLowerDownLeft') + 0.25 * at('mouthUpperUpLeft') - 0.5 * at('mouthClose')
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean aperture, but for the ends of the turn. */
async function opening(pcm: Int16Array, sampleRate = RATE): Promise<number> {
  return mean((await framesFor(pcm, sampleRate)).slice(6, -6).map(aperture));
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

function clicks(seconds: number): Int16Array {
  const pcm = silence(RATE, seconds);
  for (let at = RATE / 4; at < pcm.length; at += RATE / 2) pcm.fill(20_000, at, at + 8);
  return pcm;
}

/** Chords of sines that change twice a second. */
function music(seconds: number): Int16Array {
  const chords = [
    [220, 277, 330],
    [196, 247, 294],
    [262, 330, 392],
    [175, 220, 262],
  ];
  const beats = Array.from({ length: seconds * 2 }, (_, beat) =>
    mixed(
      ...(chords[beat % chords.length] ?? []).map((hz) =>
        tone({ hz, sampleRate: RATE, seconds: 0.5, amplitude: 0.12 }),
      ),
    ),
  );
  return Int16Array.from(beats.flatMap((beat) => [...beat]));
}

test('the mouth is still where nobody speaks: silence, clicks, hum, quiet noise', { skip }, async () => {
  const quiet = {
    silence: silence(RATE, 3),
    clicks: clicks(4),
    'mains hum': tone({ hz: 50, sampleRate: RATE, seconds: 3, amplitude: 0.02 }),
    'quiet noise': noise(RATE, 3, 0.004),
    'a constant offset': new Int16Array(3 * RATE).fill(8000),
  };
  for (const [name, pcm] of Object.entries(quiet)) {
    const found = await opening(pcm);
    assert.ok(found <= 0.06, `${name}: ${found.toFixed(3)}`);
  }
});

test('loud noise and music open it less than speech', { skip }, async () => {
  const speech = await opening(await speechAt(RATE));
  for (const [name, pcm] of Object.entries({ noise: noise(RATE, 4, 0.3), music: music(4) })) {
    const found = await opening(pcm);
    assert.ok(found < 0.75 * speech, `${name}: ${found.toFixed(3)}, speech: ${speech.toFixed(3)}`);
  }
});

test('clipped, shifted, quiet and telephone speech still open it', { skip }, async () => {
  const speech = await speechAt(RATE);
  const clean = await opening(speech);
  assert.ok(clean > 0.1, `speech: ${clean.toFixed(3)}`);
  const spoilt = {
    clipped: amplified(speech, 20),
    shifted: speech.map((sample) => Math.min(32_767, sample * 0.5 + 6000)),
    quiet: amplified(speech, -12),
  };
  for (const [name, pcm] of Object.entries(spoilt)) {
    const found = await opening(pcm);
    assert.ok(found > 0.6 * clean, `${name}: ${found.toFixed(3)}, clean: ${clean.toFixed(3)}`);
  }
  const telephone = await opening(await speechAt(8000), 8000);
  assert.ok(telephone > 0.6 * clean, `telephone: ${telephone.toFixed(3)}, clean: ${clean.toFixed(3)}`);
});

test('through a minute of one vowel the mouth does not flutter', { skip }, async () => {
  const second = vowel(RATE, 1, [750, 1200]);
  const pcm = Int16Array.from({ length: 60 * RATE }, (_, index) => second[index % RATE] ?? 0);
  const held = (await framesFor(pcm)).slice(60, -6).map(aperture);
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
