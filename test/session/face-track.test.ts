import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaceAnimator, FaceFrame } from '../../src/face/animator.ts';
import { BLENDSHAPE_INDEX } from '../../src/protocol/blendshapes.ts';
import { countingPcm, type Received, speak, startSession } from '../support/session.ts';

/** An animator whose frames come when the test says so, each with the jaw at `jaw`. */
function animator(frames: (signal: AbortSignal) => AsyncIterable<FaceFrame>): FaceAnimator {
  return {
    name: 'test',
    fps: 30,
    open: ({ signal }) => ({ push: () => undefined, end: () => undefined, frames: frames(signal) }),
    close: () => Promise.resolve(),
  };
}

function faceWithJaw(index: number, jaw: number): FaceFrame {
  const weights = new Float32Array(52);
  weights[BLENDSHAPE_INDEX.jawOpen] = jaw;
  return { index, weights };
}

function jaws(frames: readonly Received[]): number[] {
  return frames.map((frame) => (frame['weights'] as Record<string, number>)['jawOpen'] ?? Number.NaN);
}

test('frames are paired with the face of the same index', async () => {
  const { clock, transport, voice } = await startSession({
    animator: animator(async function* () {
      for (let index = 0; index < 30; index += 1) yield faceWithJaw(index, index / 100);
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  assert.deepEqual(
    jaws(transport.of('sync_frame')),
    Array.from({ length: 30 }, (_, index) => index / 100),
  );
});

test('a face that never comes delays the sound by no more than its patience', async () => {
  const { clock, transport, voice } = await startSession({
    animator: animator(async function* (signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield faceWithJaw(0, 1);
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  const frames = transport.sent.filter(({ message }) => message.type === 'sync_frame');
  assert.ok((frames[0]?.atMs ?? Number.NaN) <= 40);
  assert.deepEqual(transport.sound(), countingPcm(24_000));
  // The client starts with the third frame; from then on each must be there before it is played.
  const playingSince = frames[2]?.atMs ?? Number.NaN;
  assert.ok(frames.every(({ atMs }, index) => atMs <= playingSince + (index * 1000) / 30));
});

test('a face that fails is replaced for the rest of the turn, and the client is told once', async () => {
  const { clock, transport, voice } = await startSession({
    animator: animator(async function* () {
      yield faceWithJaw(0, 0.5);
      throw new Error('model exploded');
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.deepEqual(transport.sound(), countingPcm(24_000));
  assert.equal(transport.outline.at(-1), 'Listening');
  assert.deepEqual(
    transport.of('error').map((error) => error['code']),
    ['face_failed'],
  );
  const opening = jaws(transport.of('sync_frame'));
  assert.equal(opening[0], 0.5);
  assert.ok((opening[10] ?? 1) < 0.03, 'the mouth has closed softly');
});

test('no NaN and nothing out of 0..1 reaches the wire, whatever the animator makes', async () => {
  const { clock, transport, voice } = await startSession({
    animator: animator(async function* () {
      for (let index = 0; index < 30; index += 1) {
        yield {
          index,
          weights: Float32Array.from({ length: 52 }, (_, i) => [Number.NaN, -3, 7, 1e30][i % 4] ?? 0),
        };
      }
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  const frames = transport.of('sync_frame');
  assert.equal(frames.length, 30);
  for (const frame of frames) {
    const weights = Object.values(frame['weights'] as Record<string, number>);
    assert.equal(weights.length, 52);
    assert.ok(weights.every((weight) => weight >= 0 && weight <= 1));
  }
});

test('an animator that runs far ahead is read only as far as is wanted', async () => {
  let made = 0;
  const { clock, voice, say } = await startSession({
    animator: animator(async function* () {
      for (let index = 0; ; index += 1) {
        made = index;
        yield faceWithJaw(index, 0);
      }
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(500);
  assert.ok(made < 250, `${made} frames made`);
  say({ type: 'interrupt' });
  await clock.advance(100);
  assert.equal(clock.pendingTimers, 0);
});

test('an animator that cannot even begin costs nothing but the face', async () => {
  const { clock, transport, voice } = await startSession({
    animator: {
      name: 'broken',
      fps: 30,
      open: () => {
        throw new Error('no model');
      },
      close: () => Promise.resolve(),
    },
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  assert.deepEqual(transport.sound(), countingPcm(24_000));
  assert.equal(transport.of('error')[0]?.['code'], 'face_failed');
  assert.equal(transport.sent.find(({ message }) => message.type === 'sync_frame')?.atMs, 0);
});

test('an animator that stops early is not waited for', async () => {
  const { clock, transport, voice } = await startSession({
    animator: animator(async function* () {
      yield faceWithJaw(0, 0.5);
    }),
  });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(0);
  assert.equal(transport.of('sync_frame').length, 13, 'the whole lead goes out at once');
});

test('with the face switched off, the sound goes out as audio_chunk, exact and paced', async () => {
  const { clock, transport, voice, session } = await startSession({ animator: null });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  const chunks = transport.of('audio_chunk');
  const sound = Buffer.concat(chunks.map((chunk) => Buffer.from(String(chunk['data']), 'base64')));
  assert.deepEqual(new Int16Array(new Uint8Array(sound).buffer), countingPcm(24_000));
  assert.equal(chunks[0]?.['sessionId'], session.id);
  assert.deepEqual(transport.of('sync_frame'), []);
  assert.equal(
    transport.sent.findLast(({ message }) => message.type === 'audio_chunk')?.atMs,
    29 * (1000 / 30) - 400,
  );
});

test('visemes go out with every frame, also where the face is missing or tells none', async () => {
  const told = (index: number): FaceFrame => {
    const visemes = new Float32Array(15);
    visemes[10] = 1;
    return { ...faceWithJaw(index, 0.5), visemes };
  };
  const { clock, transport, voice } = await startSession({
    animator: {
      ...animator(async function* () {
        for (let index = 0; index < 10; index += 1) yield told(index);
        for (let index = 10; index < 20; index += 1) yield faceWithJaw(index, 0.5); // another face stands in
      }),
      visemes: true,
    },
  });
  speak(voice, 'a', countingPcm(16_000));
  await clock.advance(1500); // the agent pauses: frames of silence are put in
  speak(voice, 'a', countingPcm(8000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  const frames = transport.of('sync_frame');
  assert.ok(frames.length > 30 && frames.some(({ filler }) => filler));
  const of = (name: string, index: number) =>
    (frames[index]?.['visemes'] as Record<string, number> | undefined)?.[name] ?? Number.NaN;
  for (let index = 0; index < frames.length; index += 1) assert.ok(of('sil', index) >= 0, `frame ${index}`);
  assert.equal(of('aa', 5), 1);
  assert.ok(of('aa', 10) < 1 && of('sil', 19) > 0.95);
  assert.ok(of('sil', frames.length - 1) > 0.99);
});

test('without an animator that tells visemes no frame has any', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(8000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  assert.ok(transport.of('sync_frame').every((frame) => !('visemes' in frame)));
});
