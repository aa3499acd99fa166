import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingPcm, speak, startSession } from '../support/session.ts';

test('an interrupt cuts the answer off: offset, cut words, Listening, and nothing of it after that', async () => {
  const { clock, transport, voice, say } = await startSession();
  for (const [index, word] of ['one ', 'two ', 'three ', 'four '].entries()) {
    voice.emit({ type: 'text', turnId: 'a', text: word, startMs: index * 500 });
  }
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(800);
  say({ type: 'interrupt' });

  const [interrupt] = transport.of('interrupt');
  const [done] = transport.of('transcript_done');
  assert.equal(interrupt?.['turnId'], transport.of('audio_start')[0]?.['turnId']);
  assert.ok(Number(interrupt?.['offsetMs']) > 650 && Number(interrupt?.['offsetMs']) <= 800);
  assert.equal(done?.['text'], 'one two');
  assert.equal(done?.['interrupted'], true);
  assert.deepEqual(transport.outline.slice(-3), ['interrupt', 'transcript_done', 'Listening']);

  const sent = transport.sent.length;
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(24_000) });
  voice.emit({ type: 'text', turnId: 'a', text: 'zombie' });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(5000);
  assert.equal(transport.sent.length, sent);
  assert.equal(clock.pendingTimers, 0);
});

test('the agent is told what was heard, once', async () => {
  const { clock, voice, say } = await startSession();
  voice.emit({ type: 'text', turnId: 'a', text: 'one ', startMs: 0 });
  voice.emit({ type: 'text', turnId: 'a', text: 'two ', startMs: 1000 });
  speak(voice, 'a', countingPcm(48_000));
  await clock.advance(500);
  say({ type: 'interrupt' });
  say({ type: 'interrupt' });
  await clock.advance(100);
  const cancels = voice.calls.filter((call) => call.method === 'cancel');
  assert.equal(cancels.length, 1);
  const [cancel] = cancels;
  assert.ok(cancel?.method === 'cancel');
  assert.equal(cancel.turnId, 'a');
  assert.equal(cancel.heard.text, 'one');
  assert.ok(cancel.heard.ms > 350 && cancel.heard.ms <= 500, `${cancel.heard.ms} ms`);
});

test('what was heard leaves out the silence that was filled in', async () => {
  const { clock, voice, transport, say } = await startSession();
  speak(voice, 'a', countingPcm(12_000));
  await clock.advance(2000);
  say({ type: 'interrupt' });
  const [cancel] = voice.calls.filter((call) => call.method === 'cancel');
  assert.ok(cancel?.method === 'cancel');
  assert.ok(Math.abs(cancel.heard.ms - 500) <= 34, `${cancel.heard.ms} ms of half a second`);
  assert.ok(Number(transport.of('interrupt')[0]?.['offsetMs']) > 1800, 'the offset is in playback time');
});

test('before the first answer and between answers an interrupt says nothing', async () => {
  const { clock, transport, voice, say } = await startSession();
  say({ type: 'interrupt' });
  await clock.advance(10);
  speak(voice, 'a', countingPcm(4800));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  say({ type: 'interrupt' });
  await clock.advance(10);
  assert.deepEqual(transport.of('interrupt'), []);
  assert.deepEqual(transport.of('error'), []);
});

test('an answer that was announced but has not sounded is cancelled silently', async () => {
  const { clock, transport, voice, say } = await startSession();
  voice.emit({ type: 'turn_started', turnId: 'a' });
  say({ type: 'interrupt' });
  speak(voice, 'a', countingPcm(4800));
  await clock.advance(1000);
  assert.deepEqual(transport.outline, ['config']);
  assert.deepEqual(
    voice.calls.map((call) => call.method),
    ['cancel'],
  );
});

test('after the last frame, while the client still plays, an interrupt stops it without a second transcript', async () => {
  const { clock, transport, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(800); // all is sent at 600 ms; the client plays until 1000
  assert.equal(transport.of('audio_end').length, 1);
  say({ type: 'interrupt' });
  await clock.advance(1000);
  assert.equal(transport.of('interrupt').length, 1);
  assert.equal(transport.of('transcript_done').length, 1);
});

test('typed text during an answer interrupts it first', async () => {
  const { clock, transport, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(48_000));
  await clock.advance(500);
  say({ type: 'text', data: 'stop that' });
  assert.deepEqual(transport.outline.slice(-4), [
    'interrupt',
    'transcript_done',
    'Listening',
    'transcript_done',
  ]);
  assert.deepEqual(
    voice.calls.map((call) => call.method),
    ['cancel', 'sendText'],
  );
});

test('a user who begins to speak interrupts the answer', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(48_000));
  await clock.advance(500);
  voice.emit({ type: 'user_speaking' });
  assert.equal(transport.of('interrupt').length, 1);
  voice.emit({ type: 'user_speaking' });
  assert.equal(transport.of('interrupt').length, 1);
});

test('the answer after an interrupted one starts at once', async () => {
  const { clock, transport, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(48_000));
  await clock.advance(500);
  say({ type: 'interrupt' });
  speak(voice, 'b', countingPcm(4800));
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(0);
  const starts = transport.sent.filter(({ message }) => message.type === 'audio_start');
  assert.equal(starts.length, 2);
  assert.equal(starts[1]?.atMs, 500);
});
