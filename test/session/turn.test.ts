import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countingPcm, type Received, speak, startSession } from '../support/session.ts';

test('a turn goes out as state, start, frames with words, end, transcript, state', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'text', turnId: 'a', text: 'One two three.' });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);

  assert.deepEqual(transport.outline, [
    'config',
    'Responding',
    'audio_start',
    'sync_frame',
    'audio_end',
    'transcript_done',
    'Listening',
  ]);
  const words = transport.of('transcript_delta').map((delta) => delta['text']);
  assert.deepEqual(words, ['One', ' two', ' three.']);
  assert.equal(transport.of('transcript_done')[0]?.['text'], 'One two three.');
});

test('one session id and one turn id run through a turn', async () => {
  const { clock, transport, voice, session } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'text', turnId: 'a', text: 'Hello there.' });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);

  const named = transport.sent.map(({ message }) => message).filter((message) => 'turnId' in message);
  assert.ok(named.length > 30);
  assert.deepEqual([...new Set(named.map((message) => message['sessionId']))], [session.id]);
  const turnIds = new Set(named.map((message) => message['turnId']));
  assert.equal(turnIds.size, 1);
  assert.match(String([...turnIds][0]), /^turn_\d+_[0-9a-f]{8}$/);
});

test('every sample goes out once, in order, whatever the sizes of the pieces, the rate and the frame rate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 7000 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(24, 25, 30, 50, 60),
      fc.constantFrom(16_000, 22_050, 24_000, 44_100),
      async (pieces, fps, rate) => {
        const { clock, transport, voice } = await startSession({
          fps,
          outputRate: rate,
          script: { outputRate: rate },
        });
        const total = pieces.reduce((sum, piece) => sum + piece, 0);
        let sent = 0;
        for (const piece of pieces) {
          voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(piece, sent) });
          sent += piece;
        }
        voice.emit({ type: 'turn_ended', turnId: 'a' });
        await clock.advance((total / rate) * 1000 + 1000);

        const sound = transport.sound();
        assert.deepEqual(sound.subarray(0, total), countingPcm(total));
        assert.ok(
          sound.subarray(total).every((sample) => sample === 0),
          'only the last frame is padded',
        );
        assert.ok(sound.length - total <= Math.ceil(rate / fps), 'by less than a frame');
        assert.equal(
          transport.of('sync_frame').length,
          total === 0 ? 0 : Math.max(3, Math.ceil((total * fps) / rate)),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('an agent of another rate is resampled to the exact number of samples', async () => {
  const { clock, transport, voice } = await startSession({ script: { outputRate: 16_000 } });
  speak(voice, 'a', countingPcm(16_001), 333);
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.equal(transport.of('sync_frame').length, Math.ceil(Math.ceil((16_001 * 3) / 2) / 800));
});

test('frame indices count up from 0 without a gap', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  const indices = transport.of('sync_frame').map((frame) => frame['frameIndex']);
  assert.deepEqual(
    indices,
    Array.from({ length: 60 }, (_, index) => index),
  );
});

test('frames run ahead by the lead, then at real time, and never burst beyond it', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(240_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(11_000);
  const frames = transport.sent.filter(({ message }) => message.type === 'sync_frame');
  assert.equal(frames.length, 300);
  for (const [index, { atMs }] of frames.entries()) {
    const dueMs = Math.max(0, (index * 1000) / 30 - 400);
    assert.ok(Math.abs(atMs - dueMs) < 1e-6, `frame ${index} at ${atMs}, due ${dueMs}`);
  }
});

test('the turn ends with its last frame: nothing is waited for', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(480));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(0);
  assert.equal(transport.of('audio_end').length, 1);
  assert.equal(transport.sent.at(-1)?.atMs, 0);
});

test('a turn of 20 ms is padded to the three frames a client needs to start', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(480));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(100);
  const frames = transport.of('sync_frame');
  assert.equal(frames.length, 3);
  assert.deepEqual(transport.sound().subarray(0, 480), countingPcm(480));
});

test('an answer without sound leaves no trace', async () => {
  const { clock, transport, voice } = await startSession();
  voice.emit({ type: 'turn_started', turnId: 'tool-only' });
  voice.emit({ type: 'text', turnId: 'tool-only', text: 'thinking' });
  voice.emit({ type: 'turn_ended', turnId: 'tool-only' });
  voice.emit({ type: 'turn_ended', turnId: 'never-started' });
  await clock.advance(1000);
  assert.deepEqual(transport.outline, ['config']);
  speak(voice, 'b', countingPcm(4800));
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(1000);
  assert.equal(transport.of('audio_start').length, 1);
  assert.equal(transport.of('audio_end').length, 1);
});

test('a gap in the agent’s sound is filled with silence before the client runs dry', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(12_000));
  await clock.advance(1500); // half a second of sound, then a second of nothing
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(12_000, 12_000) });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);

  const frames = transport.sent.filter(({ message }) => message.type === 'sync_frame');
  const fillers = frames.filter(({ message }) => message['filler'] === true);
  assert.ok(fillers.length >= 25, `${fillers.length} fillers`);
  for (const [index, { atMs }] of frames.entries()) {
    assert.ok(atMs <= (index * 1000) / 30, `frame ${index} comes at ${atMs}, before it is played`);
  }
  assert.deepEqual(transport.sound(), countingPcm(24_000));
});

test('words after a gap are timed by playback, the gap included', async () => {
  const { clock, transport, voice } = await startSession();
  voice.emit({ type: 'text', turnId: 'a', text: 'before ', startMs: 0 });
  speak(voice, 'a', countingPcm(12_000));
  await clock.advance(1500);
  voice.emit({ type: 'text', turnId: 'a', text: 'after ', startMs: 500 });
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(12_000, 12_000) });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  const fillers = transport.of('sync_frame').filter((frame) => frame['filler'] === true).length;
  const after = transport.of('transcript_delta')[1];
  assert.equal(after?.['text'], ' after');
  assert.equal(after?.['startOffset'], Math.round(500 + (fillers * 1000) / 30));
});

test('an agent that stalls for good is given up after fifteen seconds, and the client is told', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(20_000);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_failed');
  assert.equal(transport.outline.at(-1), 'Listening');
});

test('an agent that stalls for good before its third frame is given up as well, and then heard out', async () => {
  for (const soundMs of [5, 20, 50, 90]) {
    const { clock, transport, voice, session } = await startSession();
    speak(voice, 'a', countingPcm(24 * soundMs));
    await clock.advance(450);
    assert.ok(transport.of('sync_frame').length < 3, 'more sound may still come');
    await clock.advance(150);
    assert.ok(transport.of('sync_frame').length >= 3, 'the client can begin');
    await clock.advance(20_000);
    assert.deepEqual(
      transport.of('error').map((error) => error['code']),
      ['agent_failed'],
    );
    assert.equal(transport.outline.at(-1), 'Listening');
    assert.equal(session.speaking, false);
    assert.deepEqual(transport.sound().subarray(0, 24 * soundMs), countingPcm(24 * soundMs), `${soundMs} ms`);
  }
});

test('sound that goes on after a slow beginning is heard whole', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(1000));
  await clock.advance(3000);
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(23_000, 1000) });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.deepEqual(transport.of('error'), []);
  assert.deepEqual(transport.sound(), countingPcm(24_000));
});

test('silence that is filled in keeps to the schedule where a frame is no whole number of samples', async () => {
  for (const [outputRate, fps] of [
    [11_025, 60],
    [16_000, 30],
    [22_050, 60],
  ] as const) {
    const { clock, transport, voice, session } = await startSession({ outputRate, fps });
    for (let piece = 0; piece < 3; piece += 1) {
      voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(12_345) });
      await clock.advance(7000);
    }
    const frames = transport.of('sync_frame').length;
    assert.ok(frames > 18 * fps);
    const slots = (frames * outputRate) / fps;
    const samples = transport.sound({ fillers: true }).length;
    assert.ok(Math.abs(samples - slots) <= 1, `${samples} samples in ${slots}`);
    await session.close();
  }
});

test('a process that stood still goes on from where it is, without a burst beyond the lead', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(240_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(1000);
  const before = transport.of('sync_frame').length;
  await clock.freeze(3000);
  const burst = transport.of('sync_frame').length - before;
  assert.ok(burst <= 13 + 1, `burst of ${burst} frames`);
  await clock.advance(10_000);
  assert.deepEqual(transport.sound(), countingPcm(240_000));
});

test('a jump of the wall clock moves timestamps, not frames', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(500);
  clock.jumpWall(-3_600_000);
  await clock.advance(3000);
  const frames = transport.sent.filter(({ message }) => message.type === 'sync_frame');
  assert.equal(frames.length, 60);
  assert.ok(frames.every(({ atMs }, index) => atMs <= Math.max(0, (index * 1000) / 30 - 400) + 1e-6));
});

test('five minutes delivered at once are played to the last sample', async () => {
  const { clock, transport, voice } = await startSession();
  const samples = 24_000 * 300;
  speak(voice, 'a', countingPcm(samples), 48_000);
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(301_000);
  assert.equal(transport.of('sync_frame').length, 9000);
  assert.deepEqual(transport.sound(), countingPcm(samples));
});

test('an agent’s next answer starts when the client has played out the one before', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  speak(voice, 'b', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(5000);
  const starts = transport.sent.filter(({ message }) => message.type === 'audio_start');
  assert.equal(starts.length, 2);
  assert.ok((starts[1]?.atMs ?? 0) >= 1000, 'not before a second of sound was played');
  assert.equal(transport.of('audio_end').length, 2);
});

test('an answer that never said it ended is ended by the next one', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(12_000));
  speak(voice, 'b', countingPcm(12_000));
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(3000);
  const ends = transport.of('audio_end').map((end) => end['turnId']);
  assert.equal(new Set(ends).size, 2);
  assert.equal(transport.of('sync_frame').filter((frame: Received) => frame['filler'] === true).length, 0);
});

test('sound that comes after an answer has ended is dropped', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(12_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(4800) });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  assert.equal(transport.of('audio_start').length, 1);
  assert.deepEqual(transport.sound(), countingPcm(12_000));
});
