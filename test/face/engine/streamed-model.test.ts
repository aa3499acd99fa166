import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { frameStart } from '../../../src/audio/pcm.ts';
import { engineAnimator } from '../../../src/face/engine/engine-animator.ts';
import { ENGINE_DEFAULTS } from '../../../src/face/engine/engine-settings.ts';
import { type InferencePool, startInferencePool } from '../../../src/face/engine/inference-pool.ts';
import { BLENDSHAPES } from '../../../src/protocol/blendshapes.ts';
import { writeTinyModel } from '../../../src/testing/onnx/tiny-model.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { correlation, curveOf, framesOf } from '../../support/faces.ts';
import { cutRandomly, seededRandom } from '../../support/sounds.ts';
import { wanderingSpeech } from './wandering-speech.ts';

const RATE = 16_000;
const folder = await mkdtemp(join(tmpdir(), 'streamed-model-'));
after(() => rm(folder, { recursive: true }));

/** Every frame out of the middle of a window of its own third: as good as one pass over the whole sound. */
async function offline(pool: InferencePool, pcm: Int16Array, frames: number): Promise<Float32Array[]> {
  const { windowSamples } = pool.shape;
  const rows: Float32Array[] = [];
  for (let first = 0; first < frames; first += 24) {
    const start = frameStart(first - 20, RATE, 30);
    const samples = Float32Array.from(
      { length: windowSamples },
      (_, index) => (pcm[start + index] ?? 0) / 32_768,
    );
    const signal = new AbortController().signal;
    const weights = await pool.run({ samples, dueAt: Number.POSITIVE_INFINITY, signal });
    for (let row = 20; row < 44; row += 1) rows.push(weights.slice(row * 52, (row + 1) * 52));
  }
  return rows.slice(0, frames);
}

test('an ONNX model streamed through child processes gives the face of one pass over the whole sound', async () => {
  const clock = systemClock();
  const pool = await startInferencePool({
    modelPath: await writeTinyModel(folder),
    sampleRate: RATE,
    identity: 11,
    processes: 1,
    threads: 1,
    variables: {},
    clock,
    onNotice: () => undefined,
  });
  try {
    const pcm = wanderingSpeech(RATE, 12);
    const settings = { ...ENGINE_DEFAULTS, silenceDbfs: undefined, symmetry: false, closureSharpening: 0 };
    const signal = new AbortController().signal;
    const stream = engineAnimator({ inference: pool, clock, settings }).open({ sampleRate: RATE, signal });
    const reading = framesOf(stream.frames);
    for (const piece of cutRandomly(pcm, 8000, seededRandom(4))) {
      stream.push(piece);
      await clock.sleep(10, signal); // the model takes some windows while sound still comes
    }
    stream.end();
    const frames = await reading;
    assert.equal(frames.length, 360);
    const reference = await offline(pool, pcm, frames.length);
    for (const name of BLENDSHAPES) {
      const curve = reference.map((weights) => weights[BLENDSHAPES.indexOf(name)] ?? 0);
      if (Math.max(...curve) - Math.min(...curve) < 0.02) continue;
      // The first and last frames are on their way from and to rest.
      const found = correlation(curveOf(frames, name).slice(4, -4), curve.slice(4, -4));
      assert.ok(found >= 0.98, `${name}: ${found}`);
    }
  } finally {
    await pool.close();
  }
});
