import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { FakeGemini, type GeminiScript } from '../../../src/testing/fake-gemini.ts';
import {
  complete,
  goAway,
  heard,
  interrupted,
  pause,
  reset,
  speech,
  stall,
  toolCall,
  turnComplete,
  words,
} from '../../../src/testing/fake-gemini-steps.ts';
import { type RunningApp, runApp, TestClient } from '../../support/client.ts';
import { pcmOf } from '../../support/session.ts';
import { measureTone, tone } from '../../support/sounds.ts';

const opened: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A fake Gemini, the real server on it, and a client that is greeted; all are closed after the test. */
async function start(script: GeminiScript = {}, environment: Record<string, string> = {}) {
  const gemini = await FakeGemini.start(script);
  const running: RunningApp = await runApp({
    GEMINI_API_KEY: 'sentinel-key',
    GOOGLE_GEMINI_BASE_URL: gemini.url,
    ...environment,
  });
  const client = await TestClient.connect(running.ws);
  opened.push(gemini, running.app, client);
  return { gemini, running, client };
}

const answerOf = (client: TestClient) =>
  client.of('transcript_done').filter((done) => done['role'] === 'assistant');

test('a typed question is answered with frames, words and a transcript', async () => {
  const { client, gemini } = await start();
  client.send({ type: 'text', data: 'What is open?' });
  await client.until(() => answerOf(client).length === 1);

  assert.deepEqual(gemini.connection.conversation?.texts, ['What is open?']);
  assert.equal(answerOf(client)[0]?.['text'], 'You said: What is open?');
  const spoken = pcmOf(client.of('sync_frame').filter((frame) => frame['filler'] !== true));
  assert.ok(measureTone(spoken, 220, 24_000).amplitude > 0.3, 'the tone that was sent');
  assert.equal(client.of('audio_end').length, 1);
  assert.deepEqual(client.of('error'), []);
});

test('a microphone of 48 kHz arrives at 16 kHz, and what was said is shown once, before the answer', async () => {
  let samples = 0;
  const { client, gemini } = await start({
    onAudio: (pcm, connection) => {
      const before = samples;
      samples += pcm.length;
      // Somewhere in the second half of the second the model has heard enough.
      if (before >= 12_000 || samples < 12_000) return undefined;
      assert.equal(connection.number, 1);
      return [heard('What is '), heard('open'), heard('?'), speech(300), words('All of it.'), complete()];
    },
  });
  await gemini.until(() => gemini.connections[0]?.conversation !== undefined);
  client.send({ type: 'audio_stream_start', sampleRate: 48_000 });
  const mic = tone({ hz: 440, sampleRate: 48_000, seconds: 1 });
  for (let at = 0; at < mic.length; at += 4800) {
    const chunk = Buffer.from(new Int16Array(mic.subarray(at, at + 4800)).buffer);
    client.send({ type: 'audio', data: chunk.toString('base64') });
  }
  client.send({ type: 'audio_stream_end' });
  await client.until(() => answerOf(client).length === 1);
  await gemini.until(() => gemini.connection.received.some((sent) => sent.realtimeInput?.audioStreamEnd));

  const arrived = gemini.connection.audio;
  assert.deepEqual(gemini.connection.audioTypes, ['audio/pcm;rate=16000']);
  assert.equal(arrived.length, 16_000);
  assert.ok(measureTone(arrived, 440, 16_000).amplitude > 0.45);
  const user = client.of('transcript_done').filter((done) => done['role'] === 'user');
  assert.deepEqual(
    user.map((done) => done['text']),
    ['What is open?'],
  );
  assert.ok(client.received.indexOf(user[0] ?? { type: '' }) < client.received.findIndex(isFrame));
});

test('speaking over the avatar stops it, though half a minute of its sound is held', async () => {
  const { client, gemini } = await start({
    onText: () => [words('A long story.'), speech(30_000), stall()],
    onAudio: () => [interrupted(), turnComplete(), heard('Stop.'), speech(200), words('Yes.'), complete()],
  });
  client.send({ type: 'text', data: 'Tell me a story' });
  await client.until(() => client.of('sync_frame').length > 5);
  client.send({ type: 'audio_stream_start', sampleRate: 24_000 });
  client.send({ type: 'audio', data: Buffer.alloc(4800).toString('base64') });
  await client.until(() => client.of('interrupt').length === 1);
  const turnId = client.of('interrupt')[0]?.['turnId'];
  await client.until(() => client.of('audio_end').length === 1);

  const after = client.received.slice(client.received.findIndex(({ type }) => type === 'interrupt'));
  assert.ok(!after.some((message) => isFrame(message) && message['turnId'] === turnId));
  assert.equal(answerOf(client).at(-1)?.['text'], 'Yes.');
  assert.deepEqual(gemini.connection.closedWith, undefined);
});

test('a client interrupt silences the rest of that answer, and the next one is heard', async () => {
  const { client, gemini } = await start({
    onText: (text) =>
      text === 'one'
        ? [words('Very long.'), Array.from({ length: 40 }, () => [speech(100), pause(20)]), complete()]
        : [words('Two.'), speech(300, { hz: 880 }), complete()],
  });
  client.send({ type: 'text', data: 'one' });
  await client.until(() => client.of('sync_frame').length > 3);
  client.send({ type: 'interrupt' });
  await client.until(() => client.of('interrupt').length === 1);
  const turns = () => new Set(client.of('audio_start').map((message) => message['turnId']));
  const frames = client.of('sync_frame').length;
  await gemini.connection.play([speech(500), complete()]); // the rest of the answer, and its end
  client.send({ type: 'text', data: 'two' });
  await client.until(() => client.of('audio_end').length === 1);

  assert.equal(turns().size, 2, 'the interrupted answer and the next one, nothing between');
  const next = client.of('sync_frame').slice(frames);
  assert.deepEqual(new Set(next.map((frame) => frame['turnId'])), new Set([[...turns()][1]]));
  assert.ok(measureTone(pcmOf(next), 880, 24_000).amplitude > 0.1);
  assert.deepEqual(client.of('error'), []);
});

test('a connection that says it will go is resumed with its handle, the old socket closed first, unnoticed', async () => {
  const { client, gemini } = await start();
  client.send({ type: 'text', data: 'one' });
  await client.until(() => client.of('audio_end').length === 1);
  const shown = client.received.length;
  const listening = () => client.received.at(-1)?.['state'] === 'Listening';
  await client.until(listening);
  await gemini.connection.play([goAway(5)]);
  await gemini.until(() => gemini.connections.length === 2 && gemini.connection.conversation !== undefined);

  assert.equal(gemini.connections[0]?.closedWith, 1000);
  assert.equal(gemini.connection.setup?.sessionResumption?.handle, 'handle-1');
  assert.deepEqual(gemini.connection.received, [], 'the handle brings the history');
  assert.ok(
    client.received.slice(shown).every(({ type }) => ['avatar_state', 'transcript_done'].includes(type)),
  );
  client.send({ type: 'text', data: 'two' });
  await client.until(() => client.of('audio_end').length === 2);
  assert.deepEqual(gemini.connection.conversation?.texts, ['one', 'two']);
  assert.deepEqual(client.of('error'), []);
});

test('a handle that is refused is given up, and the conversation told again as far as it was heard', async () => {
  const { client, gemini } = await start({
    onText: () => [words('Good day.'), speech(200), complete()],
    onSetup: ({ sessionResumption }) =>
      sessionResumption?.handle === undefined
        ? 'accept'
        : { code: 1008, reason: 'BidiGenerateContent session not found' },
  });
  client.send({ type: 'text', data: 'Hello' });
  await client.until(() => client.of('sync_frame').length > 0);
  await gemini.connection.play([complete(), goAway()]);
  await gemini.until(() => gemini.connections[2]?.received.length === 1);

  assert.deepEqual(gemini.connection.received[0]?.clientContent, {
    turns: [
      { role: 'user', parts: [{ text: 'Hello' }] },
      { role: 'model', parts: [{ text: 'Good day.' }] },
    ],
    turnComplete: false,
  });
});

test('a wrong key is an error for the user, once, and the socket stays open', async () => {
  const { client, gemini } = await start({ onConnect: () => ({ status: 403 }) });
  await client.until(() => client.of('error').length === 1);
  client.send({ type: 'ping' });
  await client.until(() => client.of('pong').length === 1);

  assert.equal(client.of('error')[0]?.['code'], 'agent_unavailable');
  assert.equal(gemini.attempts.length, 1, 'no retry helps');
  assert.ok(!JSON.stringify(client.received).includes('sentinel-key'));
});

test('an answer whose connection breaks is played out, told of, and the next one comes within 3 s', async () => {
  const { client, gemini } = await start({
    onText: (text) => (text === 'one' ? [words('Half.'), speech(1000), pause(100), reset()] : undefined),
  });
  client.send({ type: 'text', data: 'one' });
  await client.until(() => client.of('error').length === 1);
  const brokenAt = performance.now();
  await client.until(() => client.of('audio_end').length === 1);
  const heardMs = (pcmOf(client.of('sync_frame')).length / 24_000) * 1000;
  assert.ok(heardMs >= 1000, `${heardMs} ms: all that had come`);
  assert.equal(client.of('error')[0]?.['code'], 'agent_lost');

  gemini.script = {};
  client.send({ type: 'text', data: 'two' });
  await client.until(() => client.of('audio_start').length === 2);
  assert.ok(performance.now() - brokenAt < 3000);
});

test('a tool call becomes an action of the page, its answer goes back, and the model says so', async () => {
  const { client, gemini } = await start({
    onText: () => [toolCall('call-1', 'trigger_confetti')],
    onToolResponse: () => [words('Hooray!'), speech(300), complete()],
  });
  client.send({ type: 'text', data: 'Confetti!' });
  await client.until(() => answerOf(client).length === 1);

  assert.equal(client.of('trigger_action')[0]?.['function_name'], 'trigger_confetti');
  const answer = gemini.connection.received.find((sent) => sent.toolResponse)?.toolResponse;
  assert.deepEqual(answer?.functionResponses, [
    { id: 'call-1', name: 'trigger_confetti', response: { success: true } },
  ]);
  assert.equal(answerOf(client)[0]?.['text'], 'Hooray!');
  assert.equal(client.of('audio_start').length, 1, 'one answer, the call included');
});

test('a picture reaches the provider as a video frame, and its caption as words that ask nothing', async () => {
  const { client, gemini } = await start();
  await gemini.until(() => gemini.connections[0]?.conversation !== undefined);
  client.send({ type: 'image', mimeType: 'image/png', data: PNG, caption: 'my screen' });
  await gemini.until(() => gemini.connection.received.length === 2);

  assert.deepEqual(gemini.connection.received[0]?.realtimeInput, {
    video: { data: PNG, mimeType: 'image/png' },
  });
  assert.deepEqual(gemini.connection.received[1]?.clientContent, {
    turns: [{ role: 'user', parts: [{ text: 'my screen' }] }],
    turnComplete: false,
  });
  assert.deepEqual(client.of('error'), []);
});

test('sound that the provider makes at another rate than was set arrives at the right pitch', async () => {
  const { client } = await start(
    { onText: () => [words('Hm.'), speech(500, { hz: 440, sampleRate: 24_000 }), complete()] },
    { GEMINI_OUTPUT_SAMPLE_RATE: '16000' },
  );
  client.send({ type: 'text', data: 'Hum' });
  await client.until(() => client.of('audio_end').length === 1);
  const spoken = pcmOf(client.of('sync_frame').filter((frame) => frame['filler'] !== true));
  assert.ok(measureTone(spoken.subarray(0, 12_000), 440, 24_000).amplitude > 0.3);
});

/** One transparent pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

function isFrame({ type }: { readonly type: string }): boolean {
  return type === 'sync_frame';
}
