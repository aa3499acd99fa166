import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeSessions, type SessionEvent } from '../../src/session/observer.ts';
import type { TurnReport } from '../../src/session/turn-record.ts';
import { type Started, type StartOptions, speak, startSession } from '../support/session.ts';

type Watched = Started & { readonly seen: SessionEvent[] };

async function watched(options: StartOptions = {}): Promise<Watched> {
  const seen: SessionEvent[] = [];
  const started = await startSession({
    ...options,
    observer: observeSessions(() => (event) => seen.push(event)),
  });
  return Object.assign(started, { seen });
}

function turns(seen: readonly SessionEvent[]): TurnReport[] {
  return seen.flatMap((event) => (event.type === 'turn_over' ? [event.turn] : []));
}

function sound(ms: number): Int16Array {
  return new Int16Array(ms * 24).fill(4000);
}

test('an answer is reported when it has been played out, with the question it answers', async () => {
  const { clock, session, voice, say, seen, transport } = await watched();
  say({ type: 'text', data: 'Hello' });
  await clock.advance(700);
  speak(voice, 'a', sound(1000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  const [turn] = turns(seen);
  assert.equal(turn?.end, 'completed');
  assert.equal(turn?.turnId, transport.of('audio_start')[0]?.['turnId']);
  assert.deepEqual(turn?.question, { kind: 'text', atMs: 0 });
  assert.equal(turn?.firstSoundAtMs, 700);
  assert.ok(turn !== undefined && turn.firstFrameAtMs - 700 <= 40);
  assert.equal(turn?.frames, 30);
  assert.equal(seen.filter(({ type }) => type === 'frame').length, 30);
  const began = seen.flatMap((event) => (event.type === 'turn_began' ? [event.turn] : []));
  assert.equal(began.length, 1);
  assert.deepEqual({ ...turn, ...began[0] }, turn);
  await session.close();
});

test('of what is spoken the first sign of its end counts; an answer nobody asked for has no question', async () => {
  const { clock, session, voice, say, seen } = await watched();
  say({ type: 'audio_stream_start', sampleRate: 24_000 });
  voice.emit({ type: 'user_speaking' });
  await clock.advance(1000);
  voice.emit({ type: 'user_finished' });
  await clock.advance(100);
  say({ type: 'audio_stream_end' });
  await clock.advance(100);
  for (const turnId of ['a', 'b']) {
    speak(voice, turnId, sound(200));
    voice.emit({ type: 'turn_ended', turnId });
    await clock.advance(2000);
  }
  assert.deepEqual(
    turns(seen).map(({ question }) => question),
    [{ kind: 'speech', atMs: 1000 }, undefined],
  );
  await session.close();
});

test('a question that is taken back is not answered', async () => {
  const { clock, session, voice, say, seen } = await watched();
  say({ type: 'text', data: 'Hello' });
  say({ type: 'interrupt' });
  speak(voice, 'refused', sound(100)); // cut off: the question was taken back
  await clock.advance(100);
  speak(voice, 'a', sound(300));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.deepEqual(
    turns(seen).map(({ question }) => question),
    [undefined],
  );
  await session.close();
});

test('an interrupted answer says so, once, and the barge-in is told with what caused it', async () => {
  const { clock, session, voice, say, seen } = await watched();
  speak(voice, 'a', sound(2000));
  await clock.advance(500);
  say({ type: 'interrupt' });
  await clock.advance(3000);
  assert.deepEqual(
    turns(seen).map(({ end }) => end),
    ['interrupted'],
  );
  const bargeIns = seen.flatMap((event) => (event.type === 'barge_in' ? [event.by] : []));
  assert.deepEqual(bargeIns, ['interrupt']);
  await session.close();
});

test('an answer in which the agent failed, or was lost, is played out and counts as failed', async () => {
  const { clock, session, voice, seen } = await watched();
  speak(voice, 'a', sound(500));
  await clock.advance(50);
  voice.lose();
  await clock.advance(3000);
  assert.deepEqual(
    turns(seen).map(({ end, frames }) => [end, frames]),
    [['failed', 15]],
  );
  const openings = seen.flatMap((event) => (event.type === 'agent_opening' ? [event.reason] : []));
  assert.deepEqual(openings, ['first', 'retry']);
  const failures = seen.filter((event) => event.type === 'agent_failed');
  assert.deepEqual(failures, [{ type: 'agent_failed', code: 'agent_lost', retryable: true, opened: true }]);
  await session.close();
});

test('a client that goes away leaves its answer abandoned, and the session is over once', async () => {
  const { clock, session, voice, seen } = await watched();
  speak(voice, 'a', sound(5000));
  await clock.advance(500);
  await session.close();
  await session.close();
  assert.deepEqual(
    turns(seen).map(({ end }) => end),
    ['abandoned'],
  );
  assert.equal(seen.filter(({ type }) => type === 'session_over').length, 1);
  assert.equal(seen.at(-1)?.type, 'session_over');
});

test('an answer of which no frame went out is not told of', async () => {
  const { clock, session, voice, seen } = await watched();
  voice.emit({ type: 'turn_started', turnId: 'a' });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(1000);
  await session.close();
  assert.deepEqual(turns(seen), []);
});

test('when the agent’s sound runs out in an answer, one underrun is told and the frames are fillers', async () => {
  const { clock, session, voice, seen } = await watched();
  speak(voice, 'a', sound(500));
  await clock.advance(1500);
  speak(voice, 'a', sound(500));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(4000);
  assert.equal(seen.filter(({ type }) => type === 'underrun').length, 1);
  const fillers = seen.filter((event) => event.type === 'frame' && event.face === 'filler').length;
  assert.ok(fillers >= 10);
  assert.equal(turns(seen)[0]?.fillers, fillers);
  await session.close();
});

test('after the process stood still, frames are late, and dry when the client had nothing left', async () => {
  const { clock, session, voice, seen } = await watched();
  speak(voice, 'a', sound(3000));
  await clock.advance(500);
  await clock.freeze(200);
  assert.ok(seen.some((event) => event.type === 'frame' && event.timing === 'late'));
  assert.ok(!seen.some((event) => event.type === 'frame' && event.timing === 'dry'));
  await clock.freeze(2000);
  assert.ok(seen.some((event) => event.type === 'frame' && event.timing === 'dry'));
  await session.close();
});

test('with the face switched off frames say so; a face that does not come in time is missing', async () => {
  const off = await watched({ animator: null });
  speak(off.voice, 'a', sound(500));
  await off.clock.advance(1000);
  assert.ok(
    off.seen.every((event) => event.type !== 'frame' || event.face === 'off' || event.face === 'filler'),
  );
  await off.session.close();

  const never = await watched({
    animator: {
      name: 'never',
      fps: 30,
      open: () => ({
        push: () => undefined,
        end: () => undefined,
        frames: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
      }),
      close: () => Promise.resolve(),
    },
  });
  speak(never.voice, 'a', sound(500));
  await never.clock.advance(1000);
  const faces = never.seen.flatMap((event) => (event.type === 'frame' ? [event.face] : []));
  assert.equal(faces[0], 'missing');
  await never.session.close();
});
