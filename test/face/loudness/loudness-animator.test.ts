import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatPcm, frameStart } from '../../../src/audio/pcm.ts';
import { decodeWav } from '../../../src/audio/wav.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { BLENDSHAPES, restWeights } from '../../../src/protocol/blendshapes.ts';
import { SAMPLE_RATES } from '../../../src/protocol/sample-rates.ts';
import { animate, correlation, curveOf, framesOf } from '../../support/faces.ts';
import { amplified, babble, cutRandomly, noise, seededRandom, silence, vowel } from '../../support/sounds.ts';

const RATE = 24_000;

function faceOf(pcm: Int16Array, sampleRate = RATE) {
  return animate(loudnessAnimator(), [pcm], sampleRate);
}

function mean(curve: readonly number[]): number {
  return curve.reduce((sum, value) => sum + value, 0) / curve.length;
}

test('in silence the face is at rest', async () => {
  for (const { weights } of await faceOf(silence(RATE, 2))) assert.deepEqual(weights, restWeights());
});

test('speech opens the mouth, and the mouth closes after it', async () => {
  const frames = await faceOf(concatPcm([silence(RATE, 0.5), vowel(RATE, 1, [750, 1200]), silence(RATE, 1)]));
  const lip = curveOf(frames, 'mouthLowerDownLeft');
  assert.ok(Math.max(...lip.slice(0, 12)) < 0.01);
  assert.ok(Math.min(...lip.slice(20, 42)) > 0.3);
  assert.ok(Math.max(...lip.slice(55)) < 0.01);
});

test('the lips move a little ahead of the sound', async () => {
  const frames = await faceOf(concatPcm([silence(RATE, 0.5), vowel(RATE, 1, [750, 1200])]));
  // The sound begins with frame 15.
  const lip = curveOf(frames, 'mouthLowerDownLeft');
  assert.ok((lip[14] ?? 0) > 0.05, 'too late');
  assert.ok((lip[12] ?? 1) < 0.01, 'too early');
});

test('however the sound is cut, the faces are the same', async () => {
  const speech = babble(RATE, 0.7);
  const whole = await faceOf(speech);
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 5000 }), async (seed, longest) => {
      const pieces = cutRandomly(speech, longest, seededRandom(seed));
      assert.deepEqual(await animate(loudnessAnimator(), pieces, RATE), whole);
    }),
    { numRuns: 15 },
  );
});

test('for any sound at any rate as many frames as tile it come out, of 52 weights within 0 and 1', async () => {
  const sound = fc.oneof(
    fc.int16Array({ maxLength: 3000 }),
    fc.tuple(fc.nat(6000), fc.nat()).map(([length, seed]) => noise(length, 1, 1, seed)),
    fc.nat(6000).map((length) => new Int16Array(length).fill(-32_768)),
  );
  await fc.assert(
    fc.asyncProperty(sound, fc.constantFrom(...SAMPLE_RATES), async (pcm, sampleRate) => {
      const frames = await faceOf(pcm, sampleRate);
      assert.ok(frameStart(frames.length, sampleRate, 30) >= pcm.length, 'too few frames');
      assert.ok(
        frames.length === 0 || frameStart(frames.length - 1, sampleRate, 30) < pcm.length,
        'too many',
      );
      for (const [index, frame] of frames.entries()) {
        assert.equal(frame.index, index);
        assert.equal(frame.weights.length, 52);
        assert.ok(frame.weights.every((weight) => weight >= 0 && weight <= 1));
      }
    }),
    { numRuns: 200 },
  );
});

test('a voice 20 dB quieter opens the mouth nearly as far', async () => {
  const speech = amplified(babble(RATE, 4), 3);
  const loud = mean(curveOf(await faceOf(speech), 'mouthLowerDownLeft'));
  const quiet = mean(curveOf(await faceOf(amplified(speech, -20)), 'mouthLowerDownLeft'));
  assert.ok(quiet > 0.7 * loud, `${quiet} against ${loud}`);
});

test('ah lowers the jaw, oo puckers the lips, ee stretches them, and s does none of it', async () => {
  const shapeOf = async (pcm: Int16Array) => {
    const frames = (await faceOf(pcm)).slice(5, 25);
    return {
      jaw: mean(curveOf(frames, 'jawOpen')),
      pucker: mean(curveOf(frames, 'mouthPucker')),
      stretch: mean(curveOf(frames, 'mouthStretchLeft')),
      lip: mean(curveOf(frames, 'mouthLowerDownLeft')),
    };
  };
  const ah = await shapeOf(vowel(RATE, 1, [750, 1250, 2500]));
  const oo = await shapeOf(vowel(RATE, 1, [400, 1000]));
  const ee = await shapeOf(vowel(RATE, 1, [300, 2300, 2900]));
  const hissing = noise(RATE, 1, 0.3);
  const s = await shapeOf(hissing.map((sample, index) => (sample - (hissing[index - 1] ?? 0)) / 2));
  assert.ok(ah.jaw > Math.max(ee.jaw, s.jaw) + 0.05, 'jaw of ah');
  assert.ok(oo.pucker > Math.max(ah.pucker, ee.pucker, s.pucker) + 0.1, 'pucker of oo');
  assert.ok(ee.stretch > Math.max(ah.stretch, oo.stretch, s.stretch) + 0.03, 'stretch of ee');
  assert.ok(s.pucker < 0.06 && s.jaw < 0.09, 's is neither open nor round');
  assert.ok(Math.min(ah.lip, oo.lip, ee.lip, s.lip) > 0.2, 'the lips part for every sound');
});

test('frames come while the sound does, as soon as the two frames of look-ahead are there', async () => {
  const stream = loudnessAnimator().open({ sampleRate: RATE, signal: new AbortController().signal });
  const frames = stream.frames[Symbol.asyncIterator]();
  stream.push(babble(RATE, 0.1)); // three frames of sound
  assert.equal((await frames.next()).value?.index, 0);
  const second = frames.next();
  stream.push(babble(RATE, 1 / 30));
  assert.equal((await second).value?.index, 1);
  const third = frames.next();
  stream.end();
  assert.equal((await third).value?.index, 2);
  assert.equal((await frames.next()).value?.index, 3);
  assert.equal((await frames.next()).done, true);
});

test('an abort ends the stream, whether its reader waits or not, and sound after it is harmless', async () => {
  const abort = new AbortController();
  const stream = loudnessAnimator().open({ sampleRate: RATE, signal: abort.signal });
  const waiting = framesOf(stream.frames);
  abort.abort();
  assert.deepEqual(await waiting, []);
  stream.push(babble(RATE, 1));
  stream.end();

  const halfway = new AbortController();
  const other = loudnessAnimator().open({ sampleRate: RATE, signal: halfway.signal });
  other.push(babble(RATE, 1));
  other.end();
  let seen = 0;
  for await (const { index } of other.frames) {
    seen += 1;
    if (index === 4) halfway.abort();
  }
  assert.equal(seen, 5);
});

test('a turn cut off before it began has no frames', async () => {
  const stream = loudnessAnimator().open({ sampleRate: RATE, signal: AbortSignal.abort() });
  stream.push(babble(RATE, 1));
  assert.deepEqual(await framesOf(stream.frames), []);
});

test('streams of one animator know nothing of each other', async () => {
  const animator = loudnessAnimator();
  const alone = await animate(loudnessAnimator(), [babble(RATE, 0.5)], RATE);
  const signal = new AbortController().signal;
  const [quiet, loud] = [
    animator.open({ sampleRate: RATE, signal }),
    animator.open({ sampleRate: RATE, signal }),
  ];
  for (const piece of cutRandomly(babble(RATE, 0.5), 1000, seededRandom(1))) {
    quiet.push(piece);
    loud.push(noise(RATE, 0.05, 1));
  }
  quiet.end();
  loud.end();
  const [first] = await Promise.all([framesOf(quiet.frames), framesOf(loud.frames)]);
  assert.deepEqual(first, alone);
});

/** Recordings with the full-size model's own output. They are not part of the project. */
const RECORDINGS = new URL('../../../../shared/lipsync-dev/', import.meta.url);

for (const name of ['address-en', 'tts-zh']) {
  const skip = existsSync(RECORDINGS)
    ? false
    : 'the recordings in ../shared/lipsync-dev are not on this machine';
  test(`on the recording ${name} the mouth moves with that of the full-size model, in time`, {
    skip,
  }, async () => {
    const { sampleRate, pcm } = decodeWav(readFileSync(new URL(`${name}.wav`, RECORDINGS)));
    const track = JSON.parse(readFileSync(new URL(`${name}.weights.json`, RECORDINGS), 'utf8')) as {
      readonly fps: number;
      readonly names: readonly string[];
      readonly frames: readonly (readonly number[])[];
    };
    assert.equal(track.fps, 30);
    assert.deepEqual(track.names, [...BLENDSHAPES]);
    const frames = await faceOf(pcm, sampleRate);
    assert.ok(Math.abs(frames.length - track.frames.length) <= 1);
    for (const [shape, least] of [
      ['jawOpen', 0.25],
      ['mouthLowerDownLeft', 0.5],
    ] as const) {
      const reference = track.frames.map((weights) => weights[BLENDSHAPES.indexOf(shape)] ?? Number.NaN);
      const found = correlation(curveOf(frames, shape), reference);
      assert.ok(found >= least, `${shape}: correlation ${found.toFixed(3)}, expected at least ${least}`);
    }
  });
}
