import assert from 'node:assert/strict';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BLENDSHAPES } from '../../../src/protocol/blendshapes.ts';
import { framesFor, LAM_A2E } from '../../../src/testing/onnx/contract.ts';
import { writeTinyModel } from '../../../src/testing/onnx/tiny-model.ts';
import { channel, column, fileNames, Model, ownFolder } from '../../support/model.ts';
import { babble } from '../../support/sounds.ts';

const RATE = 16_000;
const WINDOW = 34_133;

function speech(samples: number): Float32Array {
  return Float32Array.from(babble(RATE, samples / RATE), (sample) => sample / 0x8000);
}

/** The frames of a window that ends at `end`, as the engine would cut it from a longer sound. */
function windowBefore(sound: Float32Array, end: number): Float32Array {
  return sound.slice(end - WINDOW, end);
}

test('a tiny model takes and gives what wav2arkit_cpu does, by the same names', async (context) => {
  const folder = await ownFolder(context);
  const { session } = await Model.load(await writeTinyModel(folder));
  assert.deepEqual(session.inputMetadata, [
    { name: 'audio_waveform', isTensor: true, type: 'float32', shape: ['batch_size', 'num_samples'] },
  ]);
  assert.deepEqual(session.outputMetadata, [
    { name: 'blendshapes', isTensor: true, type: 'float32', shape: ['batch_size', 'num_frames', 52] },
  ]);
  assert.deepEqual(await fileNames(folder), ['wav2arkit_cpu.onnx', 'wav2arkit_cpu.onnx.data']);
});

test('it gives 30 frames a second, the last one for what is left', async (context) => {
  const model = await Model.load(await writeTinyModel(await ownFolder(context)));
  const expected = { 400: 1, 533: 1, 534: 2, 1600: 3, 8000: 15, 16000: 30, 34133: 64 };
  for (const [samples, frames] of Object.entries(expected)) {
    const { shape } = await model.run(speech(Number(samples)));
    assert.deepEqual(shape, [1, frames, 52], `${samples} samples`);
    assert.equal(framesFor(Number(samples)), frames);
  }
});

test('the mouth opens for speech, more than anything else moves, and rests in silence', async (context) => {
  const model = await Model.load(await writeTinyModel(await ownFolder(context)));
  const { weights } = await model.run(speech(WINDOW));
  const largest = (name: (typeof BLENDSHAPES)[number]) => Math.max(...channel(weights, name));
  const most = [...BLENDSHAPES].sort((a, b) => largest(b) - largest(a)).slice(0, 3);
  assert.deepEqual(most.sort(), ['jawOpen', 'mouthLowerDownLeft', 'mouthLowerDownRight']);
  assert.ok(largest('jawOpen') > 0.4, `${largest('jawOpen')}`);
  const silence = await model.run(new Float32Array(WINDOW));
  assert.ok(silence.weights.every((weight) => weight > 0 && weight < 0.02));
});

test('every channel moves, each in a way of its own', async (context) => {
  const model = await Model.load(await writeTinyModel(await ownFolder(context)));
  const { weights } = await model.run(speech(WINDOW));
  const tracks = BLENDSHAPES.map((name) => channel(weights, name));
  for (const track of tracks) assert.ok(Math.max(...track) - Math.min(...track) > 0.002);
  assert.equal(new Set(tracks.map((track) => track.join())).size, 52);
});

test('a face depends on the third of a second around it and on nothing else', async (context) => {
  const model = await Model.load(await writeTinyModel(await ownFolder(context)));
  const sound = speech(4 * WINDOW);
  const whole = channel((await model.run(sound)).weights, 'jawOpen');
  const lastFrame = 200;
  const cut = windowBefore(sound, Math.ceil((lastFrame * 1600) / 3));
  const part = channel((await model.run(cut)).weights, 'jawOpen');
  const errors = part.map((weight, index) =>
    Math.abs(weight - (whole[lastFrame - 64 + index] ?? Number.NaN)),
  );
  assert.ok(Math.max(...errors.slice(10, -10)) < 0.005, `${Math.max(...errors.slice(10, -10))}`);
  assert.ok(Math.max(...errors.slice(-2)) > 0.005, 'the future is missed where it is cut off');
});

test('in Apple order the same faces stand in other columns', async (context) => {
  const folder = await ownFolder(context);
  const lam = await Model.load(await writeTinyModel(folder));
  const apple = await Model.load(await writeTinyModel(folder, { order: 'apple', fileName: 'apple.onnx' }));
  const sound = speech(RATE);
  const [ours, theirs] = [(await lam.run(sound)).weights, (await apple.run(sound)).weights];
  assert.deepEqual(column(theirs, 17), channel(ours, 'jawOpen'));
  assert.deepEqual(column(theirs, 38), channel(ours, 'mouthLowerDownRight'));
});

test('as lam-a2e it takes an identity that shows, has one window, and gives letters nobody needs', async (context) => {
  const path = await writeTinyModel(await ownFolder(context), { contract: LAM_A2E });
  const model = await Model.load(path);
  const shapes = model.session.inputMetadata.map((port) => [port.name, port.isTensor && port.shape]);
  assert.deepEqual(shapes, [
    ['audio', ['batch_size', 16_000]],
    ['identity', ['batch_size', 12]],
  ]);
  const { shape, lettersShape } = await model.run(speech(RATE));
  assert.deepEqual(
    [shape, lettersShape],
    [
      [1, 30, 52],
      [1, 49, 32],
    ],
  );
  for (const identity of [0, 5, 11]) {
    const [brow = 0] = channel((await model.run(new Float32Array(RATE), identity)).weights, 'browInnerUp');
    assert.ok(Math.abs(brow - 1 / (1 + Math.exp(4 - 0.3 * identity))) < 1e-6);
  }
});

test('a broken one gives NaN, always or for loud sound, or rows and columns that are too few', async (context) => {
  const folder = await ownFolder(context);
  const loud = speech(RATE).fill(1, 100, 110);
  const load = async (fault: 'nan' | 'nan-when-loud' | 'columns' | 'frames') =>
    Model.load(await writeTinyModel(folder, { fault, fileName: `${fault}.onnx` }));
  assert.ok((await (await load('nan')).run(speech(RATE))).weights.every(Number.isNaN));
  const touchy = await load('nan-when-loud');
  assert.ok((await touchy.run(speech(RATE))).weights.every(Number.isFinite));
  assert.ok((await touchy.run(loud)).weights.every(Number.isNaN));
  assert.deepEqual((await (await load('columns')).run(speech(RATE))).shape, [1, 30, 51]);
  assert.deepEqual((await (await load('frames')).run(speech(RATE))).shape, [1, 29, 52]);
});

test('the runtime refuses it with an operator set to come, without its data, and with half of them', async (context) => {
  const folder = await ownFolder(context);
  const strange = await writeTinyModel(folder, { claimedOpset: 99, fileName: 'strange.onnx' });
  await assert.rejects(Model.load(strange), /Opset 99/);
  const path = await writeTinyModel(folder);
  await truncate(`${path}.data`, (await stat(`${path}.data`)).size / 2);
  await assert.rejects(Model.load(path));
  await rm(`${path}.data`);
  await assert.rejects(Model.load(path));
});

test('its data may stand in the graph, which is the same model in one file', async (context) => {
  const folder = await ownFolder(context);
  const inside = join(folder, 'inside');
  const single = await Model.load(await writeTinyModel(inside, { data: 'inside' }));
  const double = await Model.load(await writeTinyModel(join(folder, 'beside')));
  assert.deepEqual(await fileNames(inside), ['wav2arkit_cpu.onnx']);
  const sound = speech(RATE);
  assert.deepEqual((await single.run(sound)).weights, (await double.run(sound)).weights);
});

test('it is small, and the same bytes each time', async (context) => {
  const folder = await ownFolder(context);
  const first = await writeTinyModel(join(folder, 'first'), { data: 'inside' });
  const second = await writeTinyModel(join(folder, 'second'), { data: 'inside' });
  assert.ok((await stat(first)).size < 200_000);
  assert.deepEqual(await readFile(first), await readFile(second));
});
