import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FaceFrame } from '../../../src/face/animator.ts';
import {
  type EmbeddedFace,
  type EmbeddedFaceOptions,
  startEmbeddedFace,
} from '../../../src/face/embedded/embedded-face.ts';
import { testVowel } from '../../../src/face/engine/self-check.ts';
import { VISEMES } from '../../../src/protocol/visemes.ts';
import { writeTinyEmbedded } from '../../../src/testing/onnx/tiny-embedded.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { animate, correlation, curveOf, framesOf } from '../../support/faces.ts';
import { ownFolder } from '../../support/model.ts';
import { cutRandomly, seededRandom, silence, tone } from '../../support/sounds.ts';
import { wanderingSpeech } from '../engine/wandering-speech.ts';

const RATE = 16_000;
const BARE = { silenceDbfs: undefined, symmetry: false, smoothing: false, closureSharpening: 0 };
const vowel = Int16Array.from(testVowel(RATE, RATE), (sample) => Math.round(sample * 32_767));

/** Starts one in a folder of the test's own; both are gone when the test is over. */
async function start(
  context: TestContext,
  options: Partial<EmbeddedFaceOptions> = {},
): Promise<EmbeddedFace> {
  const folder = options.folder ?? (await tinyFolder(context));
  const face = await startEmbeddedFace({
    folder,
    readout: 'lam',
    visemes: false,
    processes: 1,
    variables: {},
    settings: BARE,
    clock: systemClock(),
    onNotice: () => undefined,
    ...options,
  });
  context.after(() => face.pool.close());
  return face;
}

async function tinyFolder(context: TestContext): Promise<string> {
  const folder = await ownFolder(context);
  await writeTinyEmbedded(folder);
  return folder;
}

test('however the sound is cut, the face is the same', async (context) => {
  const { animator } = await start(context);
  const clock = systemClock();
  const pcm = wanderingSpeech(RATE, 8);
  const whole = await animate(animator, [pcm], RATE);
  assert.equal(whole.length, 240);
  assert.ok(Math.max(...curveOf(whole, 'jawOpen')) > 0.1);
  const signal = new AbortController().signal;
  const stream = animator.open({ sampleRate: RATE, signal });
  const reading = framesOf(stream.frames);
  for (const piece of cutRandomly(pcm, 6000, seededRandom(2))) {
    stream.push(piece);
    await clock.sleep(4, signal);
  }
  stream.end();
  const pieces = await reading;
  assert.equal(pieces.length, whole.length);
  for (const name of ['jawOpen', 'mouthLowerDownLeft'] as const) {
    const found = correlation(curveOf(pieces, name), curveOf(whole, name));
    assert.ok(found > 0.98, `${name}: ${found}`);
  }
});

test('the first frame is there after four frames of sound', async (context) => {
  const { animator } = await start(context);
  const stream = animator.open({ sampleRate: RATE, signal: new AbortController().signal });
  const iterator = stream.frames[Symbol.asyncIterator]();
  const first = iterator.next();
  for (let piece = 0; piece < 8; piece += 1) stream.push(vowel.slice(piece * 320, (piece + 1) * 320)); // 160 ms
  const { value } = await first;
  assert.equal((value as FaceFrame).index, 0);
  stream.end();
  await iterator.return?.(undefined);
});

test('frames tell the lips, and the visemes where they are wanted', async (context) => {
  const { animator } = await start(context, { visemes: true });
  const loud = await animate(animator, [vowel], RATE);
  for (const { visemes, lips, weights } of loud) {
    assert.ok(weights.every((weight) => weight >= 0 && weight <= 1));
    assert.ok(lips !== undefined && lips.closed >= 0 && lips.closed <= 1);
    assert.equal(visemes?.length, VISEMES.length);
    const sum = visemes?.reduce((total, weight) => total + weight, 0) ?? 0;
    assert.ok(Math.abs(sum - 1) < 1e-3, `visemes add up to ${sum}`);
  }
  const aa = loud[15]?.visemes?.[VISEMES.indexOf('aa')] ?? 0;
  assert.ok(aa > 0.5, `aa in a vowel: ${aa}`);
  const { animator: without } = await start(context);
  assert.ok((await animate(without, [vowel], RATE)).every(({ visemes }) => visemes === undefined));
});

test('a readout of one’s own is used in place of those that come with it', async (context) => {
  const folder = await tinyFolder(context);
  const path = join(folder, 'own.json');
  await writeFile(path, JSON.stringify({ name: 'own', channels: { tongueOut: { bias: 0.5, terms: {} } } }));
  const { animator } = await start(context, { folder, readout: path });
  const frames = await animate(animator, [vowel], RATE);
  assert.ok(
    curveOf(frames, 'tongueOut')
      .slice(4, -4)
      .every((weight) => weight === 0.5),
  );
  assert.ok(
    curveOf(frames, 'jawOpen')
      .slice(4, -4)
      .every((weight) => weight === 0),
  );
});

test('frames tell lips that the model hears closing', async (context) => {
  const { animator } = await start(context);
  const hiss = tone({ hz: 2700, sampleRate: RATE, seconds: 1 }); // what the tiny model closes its lips at
  const [atHiss, atVowel] = await Promise.all([
    animate(animator, [hiss], RATE),
    animate(animator, [vowel], RATE),
  ]);
  assert.ok((atHiss[15]?.lips?.closed ?? 0) > 0.05);
  assert.equal(atVowel[15]?.lips?.closed, 0);
});

test('what is wrong with the card or the readout refuses the start in one line', async (context) => {
  const broken = async (change: object) => {
    const folder = await tinyFolder(context);
    const card = {
      sampleRate: 16_000,
      fps: 30,
      lookaheadMs: 80,
      featureNames: ['a', 'b', 'c', 'd'],
      visemeNames: VISEMES,
    };
    await writeFile(join(folder, 'embedded-face.json'), JSON.stringify({ ...card, ...change }));
    return start(context, { folder }).then(
      () => 'it started',
      ({ message }: Error) => message,
    );
  };
  assert.match(await broken({ fps: 25 }), /^The face model cannot be used: .*embedded-face\.json: fps: /);
  assert.match(await broken({ visemeNames: ['sil'] }), /visemeNames: expected sil PP FF/);
  assert.match(await broken({ lookaheadMs: 1000 }), /lookaheadMs/);
  assert.match(await broken({ featureNames: ['jaw', 'aperture'] }), /no feature of the model/);
  const folder = await tinyFolder(context);
  await assert.rejects(start(context, { folder, readout: './none.json' }), { code: 'invalid_config' });
  await assert.rejects(start(context, { folder: join(folder, 'none') }), { code: 'model_unusable' });
});

test('in silence the mouth is still', async (context) => {
  const { animator } = await start(context, { settings: { ...BARE, silenceDbfs: -50 } });
  const frames = await animate(animator, [silence(RATE, 1)], RATE);
  const jaw = curveOf(frames, 'jawOpen');
  assert.ok(Math.max(...jaw) - Math.min(...jaw) < 0.01);
});
