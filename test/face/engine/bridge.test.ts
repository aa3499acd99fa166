import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceError } from '../../../src/errors.ts';
import type { FaceAnimator, FaceFrame, OpenFace } from '../../../src/face/animator.ts';
import { type BridgeOptions, bridged, type ServedBy } from '../../../src/face/engine/bridge.ts';
import { engineAnimator } from '../../../src/face/engine/engine-animator.ts';
import { ENGINE_DEFAULTS } from '../../../src/face/engine/engine-settings.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { animate, framesOf } from '../../support/faces.ts';
import { babble } from '../../support/sounds.ts';
import { FakeInference } from './fake-inference.ts';

const FRAME_MS = 1000 / 30;

/** An animator of one weight that makes frame i at a time of the test's choice; undefined: it fails there. */
function scripted(
  name: string,
  weight: number,
  count: number,
  clock: FakeClock,
  cameAt: (index: number) => number | undefined,
): FaceAnimator {
  async function* frames({ signal }: OpenFace): AsyncGenerator<FaceFrame, void> {
    for (let index = 0; index < count && !signal.aborted; index += 1) {
      const atMs = cameAt(index);
      if (atMs === undefined) throw new InferenceError('face_failed', 'scripted');
      if (atMs > clock.now()) await clock.sleep(atMs - clock.now(), signal).catch(() => undefined);
      yield { index, weights: new Float32Array(52).fill(weight) };
    }
  }
  return {
    name,
    fps: 30,
    open: (options) => ({ push: () => undefined, end: () => undefined, frames: frames(options) }),
    close: () => Promise.resolve(),
  };
}

interface Watched {
  readonly values: number[];
  readonly cameAt: number[];
  readonly served: ServedBy[];
}

/** Plays 60 frames due from 200 ms on, the fallback (weight 0) always there, the primary (weight 1) as scripted. */
async function play(
  primaryCameAt: (index: number) => number | undefined,
  options: Partial<BridgeOptions> = {},
): Promise<Watched> {
  const clock = new FakeClock();
  const served: ServedBy[] = [];
  const animator = bridged(
    scripted('primary', 1, 60, clock, primaryCameAt),
    scripted('fallback', 0, 60, clock, () => 0),
    { clock, onServed: (by) => served.push(by), ...options },
  );
  const stream = animator.open({
    sampleRate: 16_000,
    signal: new AbortController().signal,
    dueAt: (index) => 200 + index * FRAME_MS,
  });
  const values: number[] = [];
  const cameAt: number[] = [];
  const reading = (async () => {
    for await (const { index, weights } of stream.frames) {
      assert.equal(index, values.length);
      values.push(weights[0] ?? Number.NaN);
      cameAt.push(clock.now());
    }
  })();
  await clock.advance(60_000);
  await reading;
  assert.equal(clock.pendingTimers, 0);
  assert.equal(values.length, 60);
  for (const [index, atMs] of cameAt.entries()) {
    assert.ok(atMs <= 200 + index * FRAME_MS - 2, `frame ${index} at ${atMs}`);
  }
  for (const [index, value] of values.entries()) {
    assert.ok(index === 0 || Math.abs(value - (values[index - 1] ?? 0)) <= 0.21, `a jump at frame ${index}`);
  }
  return { values, cameAt, served };
}

test('frames that are in time are the primary’s, as they are', async () => {
  const { values, cameAt, served } = await play(() => 0);
  assert.ok(values.every((value) => value === 1));
  assert.ok(cameAt.every((atMs) => atMs === 0));
  assert.ok(served.every((by) => by === 'primary'));
});

test('the fallback opens the turn until the primary’s first frame, and fades into it', async () => {
  const { values, served } = await play((index) => (index < 10 ? 350 : 0));
  const opening = served.filter((by) => by === 'opening').length;
  assert.ok(opening >= 4 && opening <= 9, `${opening} frames`);
  assert.deepEqual(new Set(served), new Set(['opening', 'primary']));
  const rising = values.slice(opening, opening + 5).map((value) => Number(value.toFixed(2)));
  assert.deepEqual(rising, [0.2, 0.4, 0.6, 0.8, 1]);
});

test('a stretch that is late is served by the fallback, faded into and out of', async () => {
  const { values, served } = await play((index) => (index >= 20 && index < 40 ? 1400 : 0));
  assert.equal(served.indexOf('late'), 20);
  assert.ok(served.lastIndexOf('late') >= 35);
  assert.deepEqual(new Set(served.slice(40)), new Set(['primary']));
  assert.deepEqual(
    values.slice(19, 25).map((value) => Number(value.toFixed(2))),
    [1, 0.8, 0.6, 0.4, 0.2, 0],
  );
  assert.equal(values[59], 1);
});

test('after the primary has failed, or hangs for good, the rest of the turn is the fallback’s', async () => {
  const failed = await play((index) => (index < 20 ? 0 : undefined));
  assert.deepEqual(failed.served.slice(20), Array(40).fill('failed'));
  assert.ok((failed.cameAt[59] ?? 0) < 50, 'the fallback need not wait for anything');
  const hanging = await play((index) => (index < 20 ? 0 : 1e9));
  assert.deepEqual(hanging.served.slice(20), Array(40).fill('late'));
});

test('a turn that is not admitted, or cannot be opened, is the fallback’s from the start', async () => {
  const declined = await play(() => 0, { admits: () => false });
  assert.deepEqual(new Set(declined.served), new Set(['declined']));
  const clock = new FakeClock();
  const broken: FaceAnimator = {
    ...scripted('primary', 1, 60, clock, () => 0),
    open: () => {
      throw new InferenceError('face_failed', 'cannot open');
    },
  };
  const frames = await animate(bridged(broken, loudnessAnimator(), { clock }), [babble(16_000, 1)], 16_000);
  assert.deepEqual(frames, await animate(loudnessAnimator(), [babble(16_000, 1)], 16_000));
});

test('when the primary dies and the fallback dies too, the face has failed', async () => {
  const clock = new FakeClock();
  const dead = scripted('dead', 1, 60, clock, () => undefined);
  await assert.rejects(animate(bridged(dead, dead, { clock }), [], 16_000), InferenceError);
  const alone = await animate(
    bridged(
      scripted('alive', 1, 60, clock, () => 0),
      dead,
      { clock },
    ),
    [],
    16_000,
  );
  assert.equal(alone.length, 60);
});

test('two faces of different frame rates cannot be bridged', () => {
  const clock = new FakeClock();
  const primary = scripted('primary', 1, 1, clock, () => 0);
  assert.throws(() => bridged(primary, { ...primary, fps: 25 }, { clock }), RangeError);
});

test('behind a model that is slow, fails, or gives nonsense, every frame is there when it is due', async () => {
  const scripts = {
    slow: { takesMs: 900 },
    uneven: { takesMs: (run: number) => (run % 3 === 1 ? 1500 : 60) },
    failing: { takesMs: 60, fails: (run: number) => run >= 2 },
    nonsense: { takesMs: 60, model: () => new Float32Array(64 * 52).fill(Number.NaN) },
    hanging: { takesMs: (run: number) => (run === 2 ? 1e9 : 60) },
  };
  for (const [name, script] of Object.entries(scripts)) {
    const clock = new FakeClock();
    const inference = new FakeInference({ clock, ...script });
    const engine = engineAnimator({ inference, clock, settings: ENGINE_DEFAULTS });
    const abort = new AbortController();
    const served: ServedBy[] = [];
    const stream = bridged(engine, loudnessAnimator(), { clock, onServed: (by) => served.push(by) }).open({
      sampleRate: 24_000,
      signal: abort.signal,
      dueAt: (index) => 700 + index * FRAME_MS,
    });
    const frames: FaceFrame[] = [];
    const reading = (async () => {
      for await (const frame of stream.frames) {
        assert.ok(clock.now() <= 700 + frame.index * FRAME_MS, `${name}: frame ${frame.index} is late`);
        frames.push(frame);
      }
    })();
    for (let step = 0; step < 60; step += 1) {
      stream.push(babble(24_000, 0.1));
      await clock.advance(100);
    }
    stream.end();
    await clock.advance(1500);
    await reading;
    assert.equal(frames.length, 180, name);
    assert.ok(frames.every(({ weights }) => weights.every((weight) => weight >= 0 && weight <= 1)));
    assert.ok(
      name === 'uneven' ? served.includes('primary') && served.includes('late') : served.length === 180,
    );
    await clock.advance(0);
    assert.equal(clock.pendingTimers, 0, name);
  }
});

test('an abort ends both, and nothing is left pending', async () => {
  const clock = new FakeClock();
  const inference = new FakeInference({ clock, takesMs: 100 });
  const engine = engineAnimator({ inference, clock, settings: ENGINE_DEFAULTS });
  const abort = new AbortController();
  const stream = bridged(engine, loudnessAnimator(), { clock }).open({
    sampleRate: 24_000,
    signal: abort.signal,
    dueAt: (index) => 700 + index * FRAME_MS,
  });
  const reading = framesOf(stream.frames);
  stream.push(babble(24_000, 1));
  await clock.advance(50);
  abort.abort();
  await reading;
  await clock.advance(0);
  assert.equal(inference.inFlight, 0);
  assert.equal(clock.pendingTimers, 0);
});

test('the primary may ask what the fallback knows of the lips, and its frames carry what the fallback tells', async () => {
  const clock = new FakeClock();
  const asked: (number | undefined)[] = [];
  const fallback: FaceAnimator = {
    ...scripted('fallback', 0, 10, clock, () => 0),
    open: () => ({
      push: () => undefined,
      end: () => undefined,
      frames: (async function* () {
        for (let index = 0; index < 10; index += 1) {
          const lips = { closed: index / 10, bitten: 0 };
          yield { index, weights: new Float32Array(52), lips, visemes: new Float32Array(15).fill(0.5) };
        }
      })(),
    }),
  };
  const primary: FaceAnimator = {
    ...scripted('primary', 1, 10, clock, () => 0),
    open: ({ lipsAt }) => ({
      push: () => undefined,
      end: () => undefined,
      frames: (async function* () {
        await clock.sleep(10, new AbortController().signal);
        for (let index = 0; index < 10; index += 1) {
          asked.push(lipsAt?.(index)?.closed);
          yield { index, weights: new Float32Array(52).fill(1) };
        }
      })(),
    }),
  };
  const reading = animate(bridged(primary, fallback, { clock }), [], 16_000);
  await clock.advance(100);
  const frames = await reading;
  assert.deepEqual(
    asked,
    Array.from({ length: 10 }, (_, index) => index / 10),
  );
  assert.ok(frames.every(({ weights, visemes }) => weights[0] === 1 && visemes?.[3] === 0.5));
  assert.equal(frames[7]?.lips?.closed, 0.7);
});
