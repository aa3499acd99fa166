import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingPcm, speak, startSession } from '../support/session.ts';

/** Frames that may go out at once: the lead of 400 ms, and the one that is due. */
const LEAD_FRAMES = 13;

async function speaking(samples: number) {
  const started = await startSession();
  speak(started.voice, 'a', countingPcm(samples));
  started.voice.emit({ type: 'turn_ended', turnId: 'a' });
  await started.clock.advance(500);
  return started;
}

test('frames wait while the client is behind, then come complete, in order and without a burst', async () => {
  const { clock, transport } = await speaking(72_000);
  transport.full = true;
  const before = transport.of('sync_frame').length;
  await clock.advance(4000);
  assert.equal(transport.of('sync_frame').length, before, 'held');
  assert.equal(transport.of('audio_end').length, 0);

  transport.relieve();
  await clock.advance(0);
  assert.ok(transport.of('sync_frame').length - before <= LEAD_FRAMES);
  await clock.advance(4000);
  assert.deepEqual(transport.sound(), countingPcm(72_000));
  const indices = transport.of('sync_frame').map((frame) => frame['frameIndex']);
  assert.deepEqual(
    indices,
    indices.map((_, index) => index),
  );
  assert.equal(transport.of('sync_frame').filter((frame) => frame['filler']).length, 0);
  assert.equal(transport.of('audio_end').length, 1);
});

test('a client that is behind gets no silence either', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(9600));
  await clock.advance(200);
  transport.full = true;
  const before = transport.of('sync_frame').length;
  await clock.advance(20_000); // the agent says nothing all the while
  assert.equal(transport.of('sync_frame').length, before);
});

test('an interrupt overtakes what is held, and nothing of the turn follows it', async () => {
  const { clock, transport, say } = await speaking(240_000);
  transport.full = true;
  await clock.advance(1500);
  say({ type: 'interrupt' });
  assert.equal(transport.of('interrupt').length, 1, 'at once');
  const frames = transport.of('sync_frame').length;
  transport.relieve();
  await clock.advance(5000);
  assert.equal(transport.of('sync_frame').length, frames);
  assert.equal(clock.pendingTimers, 0);
});

test('being behind for ever costs the session nothing but the sound it holds', async () => {
  const { clock, transport, session } = await speaking(240_000);
  transport.full = true;
  await clock.advance(60_000);
  const closing = session.close();
  await clock.advance(0);
  await closing;
  assert.equal(clock.pendingTimers, 0);
});

test('a server that stood still for 3 s sends no more than the lead at once', async () => {
  const { clock, transport } = await speaking(240_000);
  const before = transport.of('sync_frame').length;
  await clock.freeze(3000);
  const burst = transport.of('sync_frame').length - before;
  assert.ok(burst > 0 && burst <= LEAD_FRAMES, `${burst} frames`);
  await clock.advance(12_000);
  assert.deepEqual(transport.sound(), countingPcm(240_000));
});

test('what is still on a thin line was not heard: the interrupt’s offset leaves it out', async () => {
  const { clock, transport, say } = await speaking(240_000);
  await clock.advance(3500);
  transport.lagMs = 1500;
  say({ type: 'interrupt' });
  const offsetMs = Number(transport.of('interrupt')[0]?.['offsetMs']);
  assert.ok(offsetMs > 2000 && offsetMs <= 2500, String(offsetMs));
});

test('the next answer waits until the client has read and played out the one before', async () => {
  const { clock, transport, voice } = await speaking(24_000);
  speak(voice, 'b', countingPcm(24_000));
  transport.lagMs = 1500;
  await clock.advance(2000);
  assert.equal(transport.of('audio_start').length, 1);
  await clock.advance(700);
  assert.equal(transport.of('audio_start').length, 2);
});
