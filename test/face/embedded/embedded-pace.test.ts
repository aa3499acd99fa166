import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaceAnimator } from '../../../src/face/animator.ts';
import { embeddedPace } from '../../../src/face/embedded/embedded-pace.ts';
import { bridged, type ServedBy } from '../../../src/face/engine/bridge.ts';
import { engineAnimator } from '../../../src/face/engine/engine-animator.ts';
import { ENGINE_DEFAULTS } from '../../../src/face/engine/engine-settings.ts';
import type { ModelShape } from '../../../src/face/engine/inference.ts';
import { framesFor } from '../../../src/face/engine/model-contract.ts';
import { planWindow } from '../../../src/face/engine/window-plan.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { startSession } from '../../support/session.ts';
import { babble } from '../../support/sounds.ts';
import { FakeInference } from '../engine/fake-inference.ts';

const WINDOW_MS = 4;
const settings = { ...ENGINE_DEFAULTS, ...embeddedPace(73.6) };

/** A face at rest, for windows of any length. */
const still = ({ length }: Float32Array, { sampleRate }: ModelShape) =>
  new Float32Array(framesFor(length, sampleRate) * 52);

/** Who made the frames of an answer of 6 s that comes in pieces, one every so often; and windows a second. */
async function answered(pieceMs: number, everyMs: number) {
  const served: ServedBy[] = [];
  let face: FaceAnimator | undefined;
  const { clock, voice, transport } = await startSession({
    animator: {
      name: 'made once there is a clock',
      fps: 30,
      open: (options) => (face ?? loudnessAnimator()).open(options),
      close: () => Promise.resolve(),
    },
  });
  const inference = new FakeInference({
    clock,
    takesMs: WINDOW_MS,
    model: still,
  });
  face = bridged(engineAnimator({ inference, clock, settings }), loudnessAnimator(), {
    clock,
    firstFrameMs: () => WINDOW_MS,
    onServed: (by) => served.push(by),
  });
  const pcm = babble(24_000, 6);
  voice.emit({ type: 'turn_started', turnId: 'a' });
  for (let at = 0; at < pcm.length; at += 24 * pieceMs) {
    voice.emit({ type: 'audio', turnId: 'a', pcm: pcm.slice(at, at + 24 * pieceMs) });
    await clock.advance(everyMs);
  }
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(8000);
  assert.equal(transport.of('sync_frame').length, 180);
  return {
    byModel: served.filter((by) => by === 'primary').length / served.length,
    windowsPerSecond: inference.jobs.length / 6,
  };
}

test('an agent that is ahead gets the model’s face throughout, for a few windows', async () => {
  const { byModel, windowsPerSecond } = await answered(100, 20);
  assert.ok(byModel > 0.98, `${byModel}`);
  assert.ok(windowsPerSecond < 2, `${windowsPerSecond} windows a second`);
});

test('an agent that delivers in real time gets the model’s face throughout, for five windows a second', async () => {
  for (const pieceMs of [20, 40, 100]) {
    const { byModel, windowsPerSecond } = await answered(pieceMs, pieceMs);
    assert.ok(byModel > 0.94, `pieces of ${pieceMs} ms: ${byModel}`);
    assert.ok(windowsPerSecond <= 5.5, `pieces of ${pieceMs} ms: ${windowsPerSecond} windows a second`);
  }
});

test('a guess is not handed out before its sound is there, and the turn has the frames of its sound', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: WINDOW_MS, model: still });
  const animator = engineAnimator({ inference, clock, settings });
  const { signal } = new AbortController();
  const stream = animator.open({ sampleRate: 24_000, signal, dueAt: () => 0 }); // all of it is late
  let frames = 0;
  const reading = (async () => {
    for await (const { index } of stream.frames) frames = index + 1;
  })();
  const pcm = babble(24_000, 2);
  for (let at = 0; at < pcm.length; at += 2400) {
    stream.push(pcm.subarray(at, at + 2400));
    await clock.advance(400); // the agent stalls again and again
    assert.ok(frames <= (at + 2400) / 800, `${frames} frames of ${at + 2400} samples`);
  }
  assert.ok(frames >= 54, `${frames} frames`);
  stream.end();
  await clock.advance(400);
  await reading;
  assert.equal(frames, 60);
});

test('windows hold the past that counts and what is new, and begin where the grids of sound and frames meet', () => {
  const plan = planWindow({
    windowFrames: 64,
    pace: settings.pace,
    holdBackFrames: settings.holdBackFrames,
    hopFrames: 6,
    heard: 70,
    ended: false,
    predicted: 60,
    emitted: 58,
    nowMs: 0,
    dueAt: () => Number.POSITIVE_INFINITY,
    windowMs: { p50: 2, p95: 3 },
  });
  assert.ok(plan.kind === 'run');
  assert.deepEqual([plan.firstFrame, plan.firstNewFrame, plan.endFrame], [33, 58, 70]);
});
