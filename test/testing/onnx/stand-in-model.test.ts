import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { type Contract, framesFor, LAM_A2E, WAV2ARKIT } from '../../../src/testing/onnx/contract.ts';
import { dataFileBytes } from '../../../src/testing/onnx/model-file.ts';
import { FULL_SIZE, standInModel, TINY_SIZE } from '../../../src/testing/onnx/stand-in-model.ts';
import { writeTinyStandIn } from '../../../src/testing/onnx/tiny-model.ts';
import { column, Model, ownFolder } from '../../support/model.ts';
import { babble } from '../../support/sounds.ts';

const RATE = 16_000;

function fullSize(contract: Contract) {
  return standInModel({ contract, size: FULL_SIZE, seed: 1 });
}

function speech(samples: number): Float32Array {
  return Float32Array.from(babble(RATE, samples / RATE), (sample) => sample / 0x8000);
}

test('of full size it has 100,503,412 parameters, as lam-a2e 24,608 more for the letters', () => {
  assert.equal(fullSize(WAV2ARKIT).parameterCount, 100_503_412);
  assert.equal(fullSize(LAM_A2E).parameterCount, 100_528_020);
});

test('its data are as large as those of wav2arkit_cpu, within a thousandth', () => {
  const real = 402_063_360;
  assert.ok(Math.abs(dataFileBytes(fullSize(WAV2ARKIT)) / real - 1) < 0.001);
});

test('no parameter and no value has a name that another has', () => {
  const { parameters, constants, nodes } = fullSize(WAV2ARKIT);
  const names = [...parameters, ...constants].map(({ name }) => name);
  const all = [...names, ...nodes.map(({ output }) => output)];
  assert.equal(new Set(all).size, all.length);
});

test('a tiny one has every layer of the full size but ten of the transformer', () => {
  const kinds = (size: typeof TINY_SIZE) => {
    const { parameters } = standInModel({ contract: WAV2ARKIT, size, seed: 1 });
    return new Set(parameters.map(({ name }) => name.replace(/layers\.\d+/, 'layers')));
  };
  assert.deepEqual(kinds(TINY_SIZE), kinds(FULL_SIZE));
});

test('a tiny one gives frames by the same formula, finite, and moving with the sound', async (context) => {
  const model = await Model.load(await writeTinyStandIn(await ownFolder(context)));
  for (const samples of [400, 533, 534, 1600, 8000, 16_000, 34_133]) {
    const { shape, weights } = await model.run(speech(samples));
    assert.deepEqual(shape, [1, framesFor(samples), 52], `${samples} samples`);
    assert.ok(weights.every((weight) => weight >= 0 && weight <= 1));
  }
  const { weights } = await model.run(speech(RATE));
  for (let index = 0; index < 52; index += 1) {
    const track = column(weights, index);
    assert.ok(Math.max(...track) - Math.min(...track) > 0.01, `column ${index}`);
  }
});

test('less than 400 samples are too few for it, as for the real one', async (context) => {
  const model = await Model.load(await writeTinyStandIn(await ownFolder(context)));
  await assert.rejects(model.run(speech(399)));
});

test('as lam-a2e it is written in an older operator set, and gives what that one gives', async (context) => {
  const model = await Model.load(await writeTinyStandIn(await ownFolder(context), { contract: LAM_A2E }));
  const { outputMetadata } = model.session;
  assert.deepEqual(
    outputMetadata.map((port) => [port.name, port.isTensor && port.shape]),
    [
      ['blendshapes', ['batch_size', 30, 52]],
      ['asr_logits', ['batch_size', 49, 32]],
    ],
  );
  const sound = speech(RATE);
  const [one, other] = [await model.run(sound, 0), await model.run(sound, 11)];
  assert.deepEqual(one.lettersShape, [1, 49, 32]);
  assert.notDeepEqual(one.weights, other.weights);
});

test('in both operator sets a norm is the same arithmetic', async (context) => {
  const folder = await ownFolder(context);
  const newer = await Model.load(await writeTinyStandIn(folder));
  const contract = { ...WAV2ARKIT, opset: 14 };
  const older = await Model.load(await writeTinyStandIn(folder, { contract, fileName: 'older.onnx' }));
  const sound = speech(RATE);
  const [theirs, ours] = [(await older.run(sound)).weights, (await newer.run(sound)).weights];
  assert.ok(ours.every((weight, index) => Math.abs(weight - (theirs[index] ?? Number.NaN)) < 1e-4));
});

test('the same seed gives the same data, another seed others', async (context) => {
  const folder = await ownFolder(context);
  const write = async (seed: number, name: string) =>
    readFile(`${await writeTinyStandIn(folder, { seed, fileName: name })}.data`);
  const [first, again, other] = [
    await write(1, 'a.onnx'),
    await write(1, 'b.onnx'),
    await write(2, 'c.onnx'),
  ];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.equal((await stat(`${folder}/a.onnx`)).size, (await stat(`${folder}/c.onnx`)).size);
});
