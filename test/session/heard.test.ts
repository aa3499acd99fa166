import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countingPcm, type Started, speak, startSession } from '../support/session.ts';

/** What the agent was told was heard, in milliseconds. */
function heardMs({ voice }: Started): number {
  const [cancel] = voice.calls.filter((call) => call.method === 'cancel');
  assert.ok(cancel?.method === 'cancel');
  return cancel.heard.ms;
}

/** Starts a long answer and gives the name the client knows it by. */
async function answering(started: Started): Promise<string> {
  speak(started.voice, 'a', countingPcm(24_000 * 20));
  await started.clock.advance(0);
  return String(started.transport.of('audio_start')[0]?.['turnId']);
}

test('of a client that reports, what was heard is known to within a frame', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 800 }), // how long the client's sound takes to the ear
      fc.integer({ min: 900, max: 10_000 }),
      async (delayMs, interruptedAt) => {
        const started = await startSession();
        const { clock, say } = started;
        const turnId = await answering(started);
        const played = () => Math.max(0, clock.now() - delayMs);
        await clock.advance(delayMs); // it reports from when it plays
        say({ type: 'playback', turnId, playedMs: played() });
        while (clock.now() + 250 < interruptedAt) {
          await clock.advance(250);
          say({ type: 'playback', turnId, playedMs: played() });
        }
        await clock.advance(interruptedAt - clock.now());
        const truth = played();
        say({ type: 'interrupt' });
        assert.ok(Math.abs(heardMs(started) - truth) <= 1000 / 30, `${heardMs(started)} for ${truth}`);
      },
    ),
    { numRuns: 40 },
  );
});

test('of a client that is silent, what was heard is estimated to within 150 ms', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 20, max: 150 }), // network, decoding, sound card
      fc.integer({ min: 200, max: 10_000 }),
      async (delayMs, interruptedAt) => {
        const started = await startSession();
        await answering(started);
        await started.clock.advance(interruptedAt);
        started.say({ type: 'interrupt' });
        const truth = Math.max(0, interruptedAt - delayMs);
        assert.ok(Math.abs(heardMs(started) - truth) <= 150, `${heardMs(started)} for ${truth}`);
      },
    ),
    { numRuns: 40 },
  );
});

test('a client that has stopped playing is not carried on for ever', async () => {
  const started = await startSession();
  const turnId = await answering(started);
  await started.clock.advance(1000);
  started.say({ type: 'playback', turnId, playedMs: 700 });
  await started.clock.advance(9000); // the tab sleeps
  started.say({ type: 'interrupt' });
  assert.ok(heardMs(started) <= 1700);
});

test('reports of another turn, or beyond what was sent, change nothing', async () => {
  const started = await startSession();
  const turnId = await answering(started);
  await started.clock.advance(1000);
  started.say({ type: 'playback', turnId: 'another', playedMs: 0 });
  started.say({ type: 'playback', turnId, playedMs: 1e7 });
  started.say({ type: 'interrupt' });
  assert.ok(heardMs(started) <= 1434);
});

test('reports ten times a second are not too many', async () => {
  const started = await startSession();
  const turnId = await answering(started);
  for (let count = 0; count < 100; count += 1) {
    await started.clock.advance(100);
    started.say({ type: 'playback', turnId, playedMs: count * 100 });
  }
  assert.deepEqual(started.transport.of('error'), []);
});

test('a reopened agent is told the conversation as far as it was heard', async () => {
  const { clock, agent, voice, say, transport } = await startSession();
  say({ type: 'text', data: 'What is tea?' });
  voice.emit({ type: 'text', turnId: 'a', text: 'Tea is ', startMs: 0 });
  voice.emit({ type: 'text', turnId: 'a', text: 'a drink.', startMs: 1000 });
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(800);
  voice.emit({ type: 'user_speaking' });
  voice.emit({ type: 'user_text', text: 'And coffee?', final: true });
  speak(voice, 'b', countingPcm(24_000));
  voice.emit({ type: 'text', turnId: 'b', text: 'Also a drink.' });
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(3000);
  voice.lose();
  await clock.advance(2000);
  assert.deepEqual(agent.sessions[1]?.options.history, [
    { role: 'user', text: 'What is tea?' },
    { role: 'assistant', text: 'Tea is' },
    { role: 'user', text: 'And coffee?' },
    { role: 'assistant', text: 'Also a drink.' },
  ]);
  assert.deepEqual(transport.of('error'), [], 'nobody was answering: the client need not know');
});

test('an expiring agent is renewed when nobody speaks, the old connection closed first, and nobody notices', async () => {
  const { clock, agent, voice, transport } = await startSession();
  await clock.advance(3_300_000); // 55 minutes
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'resumable', handle: 'old' });
  voice.emit({ type: 'resumable', handle: 'handle-2' });
  voice.emit({ type: 'expiring' });
  await clock.advance(1000);
  assert.equal(agent.sessions.length, 1, 'not in the middle of an answer');
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.equal(agent.sessions.length, 2);
  assert.deepEqual(voice.calls.at(-1), { method: 'close' });
  assert.equal(agent.sessions[1]?.options.resumeHandle, 'handle-2');
  assert.deepEqual(transport.of('error'), []);
  assert.deepEqual(transport.sound(), countingPcm(48_000));
});

test('an agent that expires as soon as it is opened is reopened with growing pauses, not in a circle', async () => {
  const { clock, agent, transport } = await startSession({
    script: { onOpen: (session) => session.emit({ type: 'expiring' }) },
  });
  await clock.advance(600_000);
  assert.ok(
    agent.sessions.length >= 15 && agent.sessions.length <= 40,
    `${agent.sessions.length} connections`,
  );
  assert.deepEqual(transport.of('error'), []);
});

test('an agent that says many times that it expires is renewed once', async () => {
  const { clock, agent, voice } = await startSession();
  await clock.advance(60_000);
  speak(voice, 'a', countingPcm(24_000));
  for (let count = 0; count < 1000; count += 1) voice.emit({ type: 'expiring' });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(5000);
  assert.equal(agent.sessions.length, 2);
});
