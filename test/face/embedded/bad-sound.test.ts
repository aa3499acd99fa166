import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadFlite, runFlite } from '../../../src/agents/offline/speech/flite.ts';
import { clipToInt16 } from '../../../src/audio/pcm.ts';
import { createResampler } from '../../../src/audio/resampler.ts';
import { parseConfig } from '../../../src/config/config.ts';
import type { FaceFrame } from '../../../src/face/animator.ts';
import { EMBEDDED_MODEL } from '../../../src/face/embedded/embedded-face.ts';
import { aperture } from '../../../src/face/engine/aperture.ts';
import { createFaces } from '../../../src/faces.ts';
import { silentLogger } from '../../../src/log.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { animate } from '../../support/faces.ts';
import { amplified, cutRandomly, noise, seededRandom, silence, tone, vowel } from '../../support/sounds.ts';

/** The face as the server stacks it, with the model it ships: what sounds do to it that are no clean speech. */
const RATE = 24_000;
const SECONDS = 2.5;
const model = fileURLToPath(new URL(`../../../models/${EMBEDDED_MODEL}`, import.meta.url));
const skip = existsSync(model) ? false : `there is no ${EMBEDDED_MODEL} in models/`;

/** A mouth that moves less than this does not speak: running speech has a mean of about 0.2. */
const STILL = 0.05;

function resampled(pcm: Int16Array, fromRate: number, toRate: number): Int16Array {
  return createResampler(fromRate, toRate).push(pcm);
}

async function sentence(): Promise<Int16Array> {
  const { pcm, sampleRate } = await runFlite(
    await loadFlite(),
    'rms',
    'The quick brown fox jumps over the lazy dog.',
  );
  return resampled(pcm, sampleRate, RATE);
}

function clicks(): Int16Array {
  const pcm = silence(RATE, SECONDS);
  for (let at = RATE / 4; at < pcm.length; at += RATE / 2) pcm.fill(20_000, at, at + 12);
  return pcm;
}

/** Plucked notes with six harmonics, four a second, and a drum twice a second. */
function music(): Int16Array {
  const random = seededRandom(7);
  const notesHz = Array.from(
    { length: SECONDS * 4 },
    () => [262, 294, 330, 392, 440, 523][Math.floor(random() * 6)] ?? 262,
  );
  return Int16Array.from({ length: SECONDS * RATE }, (_, index) => {
    const note = Math.floor((index * 4) / RATE);
    const sinceNote = index - (note * RATE) / 4;
    const sinceBeat = index % (RATE / 2);
    const phase = (2 * Math.PI * (notesHz[note] ?? 0) * index) / RATE;
    const string = [1, 2, 3, 4, 5, 6].reduce(
      (sum, harmonic) => sum + Math.sin(phase * harmonic) / harmonic,
      0,
    );
    return clipToInt16(
      5000 * string * Math.exp(-sinceNote / 4000) + 8000 * (2 * random() - 1) * Math.exp(-sinceBeat / 500),
    );
  });
}

/** Where nobody speaks. */
const STILL_SOUNDS: Readonly<Record<string, () => Int16Array>> = {
  silence: () => silence(RATE, SECONDS),
  clicks,
  music,
  'a tone': () => tone({ hz: 440, sampleRate: RATE, seconds: SECONDS, amplitude: 0.3 }),
  'mains hum': () => tone({ hz: 50, sampleRate: RATE, seconds: SECONDS, amplitude: 0.05 }),
  'quiet noise': () => noise(RATE, SECONDS, 0.004),
  'loud noise': () => noise(RATE, SECONDS, 0.3),
  'a constant offset': () => silence(RATE, SECONDS).fill(8000),
};

/** What is done to speech. */
const SPOILT: Readonly<Record<string, (speech: Int16Array) => Int16Array>> = {
  clipped: (speech) => amplified(speech, 20),
  shifted: (speech) => speech.map((sample) => clipToInt16(sample * 0.5 + 6000)),
  quiet: (speech) => amplified(speech, -15),
  'of a telephone': (speech) => resampled(resampled(speech, RATE, 8000), 8000, RATE),
};

const VOWEL = 'a vowel held';
const SPEECH = 'speech';

/** What the server's face makes of them, with all that is behind and above the model; nobody is in a hurry. */
async function facesOf(
  sounds: ReadonlyMap<string, Int16Array>,
): Promise<ReadonlyMap<string, readonly FaceFrame[]>> {
  const config = parseConfig({ FACE_ENGINE: 'embedded', FACE_VISEMES: 'true' });
  const faces = await createFaces({ config, clock: systemClock(), log: silentLogger() });
  after(() => faces.close());
  const { animator } = faces;
  assert.ok(animator !== undefined && faces.now().live === 'embedded');
  const made = await Promise.all(
    [...sounds].map(async ([name, pcm]) => {
      const pieces = cutRandomly(pcm, RATE / 4, seededRandom(3));
      return [name, await animate(animator, pieces, RATE)] as const;
    }),
  );
  return new Map(made);
}

function apertures(frames: readonly FaceFrame[] = []): number[] {
  return frames.slice(6, -6).map(({ weights }) => aperture(weights));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test('still where nobody speaks, open where speech is spoilt, never out of range', {
  skip,
}, async (context) => {
  const speech = await sentence();
  const sounds = new Map<string, Int16Array>([
    ...Object.entries(STILL_SOUNDS).map(([name, make]) => [name, make()] as const),
    ...Object.entries(SPOILT).map(([name, spoil]) => [name, spoil(speech)] as const),
    [SPEECH, speech],
    [VOWEL, vowel(RATE, SECONDS, [750, 1200])],
  ]);
  const faces = await facesOf(sounds);
  for (const [name, frames] of faces) {
    await context.test(`${name}: weights are finite and within 0 and 1`, () => {
      assert.equal(frames.length, Math.ceil(((sounds.get(name)?.length ?? 0) * 30) / RATE));
      for (const { weights, visemes } of frames) {
        assert.equal(weights.length + (visemes?.length ?? 0), 52 + 15);
        for (const weight of [...weights, ...(visemes ?? [])])
          assert.ok(weight >= 0 && weight <= 1, `${weight}`);
      }
    });
  }
  for (const name of Object.keys(STILL_SOUNDS)) {
    await context.test(`${name}: the mouth is still`, () => {
      const opening = mean(apertures(faces.get(name)));
      assert.ok(opening <= STILL, opening.toFixed(3));
    });
  }
  const clean = mean(apertures(faces.get(SPEECH)));
  for (const name of [...Object.keys(SPOILT), VOWEL]) {
    await context.test(`${name}: the mouth speaks`, () => {
      const opening = mean(apertures(faces.get(name)));
      assert.ok(opening > 0.6 * clean, `${opening.toFixed(3)}, clean: ${clean.toFixed(3)}`);
    });
  }
});
