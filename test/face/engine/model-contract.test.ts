import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readContract, type TensorDescription } from '../../../src/face/engine/model-contract.ts';

type Shape = TensorDescription['shape'];
const floats = (name: string, shape: Shape): TensorDescription => ({ name, type: 'float32', shape });
const sound = floats('audio_waveform', ['batch_size', 'num_samples']);
const face = floats('blendshapes', ['batch_size', 'num_frames', 52]);
const refused = (message: RegExp) => ({ code: 'model_unusable', message });

test('wav2arkit_cpu: sound of any length is run in windows of 64 frames', () => {
  assert.deepEqual(readContract([sound], [face], 16_000), {
    audioInput: 'audio_waveform',
    identity: undefined,
    blendshapesOutput: 'blendshapes',
    rowOutputs: [],
    shape: {
      sampleRate: 16_000,
      windowSamples: 34_133,
      windowFrames: 64,
      rowWidth: 52,
      fixedWindow: false,
    },
  });
});

test('lam-a2e: a fixed window, a speaking style, and an output that is not fetched', () => {
  const contract = readContract(
    [floats('identity', [1, 12]), floats('audio', [1, 16_000])],
    [floats('asr_logits', [1, 49, 32]), floats('blendshapes', [1, 30, 52])],
    16_000,
  );
  assert.deepEqual(contract, {
    audioInput: 'audio',
    identity: { input: 'identity', size: 12 },
    blendshapesOutput: 'blendshapes',
    rowOutputs: [],
    shape: { sampleRate: 16_000, windowSamples: 16_000, windowFrames: 30, rowWidth: 52, fixedWindow: true },
  });
});

test('inputs and outputs are told by shape where their names say nothing', () => {
  const contract = readContract(
    [floats('x', [1, '']), floats('y', ['', 12])],
    [floats('z', ['', '', 52])],
    16_000,
  );
  assert.equal(contract.audioInput, 'x');
  assert.equal(contract.identity?.input, 'y');
  assert.equal(contract.blendshapesOutput, 'z');
});

test('a model for another rate has a window as long in time', () => {
  assert.deepEqual(readContract([sound], [face], 24_000).shape, {
    sampleRate: 24_000,
    windowSamples: 51_200,
    windowFrames: 64,
    rowWidth: 52,
    fixedWindow: false,
  });
});

test('what does not fit is named', () => {
  const cases: readonly [readonly TensorDescription[], readonly TensorDescription[], RegExp][] = [
    [[], [face], /no input for sound.*only none/],
    [[floats('audio', [1, 1, 'n'])], [face], /no input for sound.*audio float32 \[1, 1, n\]/],
    [[{ ...sound, type: 'float16' }], [face], /no input for sound/],
    [[sound, floats('speed', [1])], [face], /inputs this server does not know: speed/],
    [[sound], [floats('blendshapes', [1, 'frames', 51])], /no output of 52 weights.*51/],
    [[sound], [{ ...face, type: 'float16' }], /not float32/],
    [[sound], [floats('blendshapes', [4, 'frames', 52])], /not float32 \[1, frames, 52\]/],
    [
      [floats('audio', [1, 16_000])],
      [floats('blendshapes', [1, 29, 52])],
      /29 frames for 16000 samples.* 30/,
    ],
    [[floats('audio', [1, 100])], [face], /less than a frame/],
    [[sound, { ...floats('id', [1, 12]), type: 'int64' }], [face], /speaking style is not float32/],
  ];
  for (const [inputs, outputs, message] of cases)
    assert.throws(() => readContract(inputs, outputs, 16_000), refused(message));
});
