import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { AppOverrides } from '../../../src/app.ts';
import {
  type FakeOpenAI,
  type FakeOpenAIOptions,
  startFakeOpenAI,
} from '../../../src/testing/fake-openai.ts';
import { callTool, reset, say } from '../../../src/testing/fake-openai-script.ts';
import { type Clock, systemClock } from '../../../src/time/clock.ts';
import { type RunningApp, runApp, TestClient } from '../../support/client.ts';
import { pcmOf } from '../../support/session.ts';
import { silence, tone } from '../../support/sounds.ts';

const RATE = 24_000;

let running: RunningApp | undefined;
let fake: FakeOpenAI | undefined;
let client: TestClient | undefined;

afterEach(async () => {
  await client?.close();
  await running?.app.close();
  await fake?.close();
  client = undefined;
  running = undefined;
  fake = undefined;
});

/** The real server before the fake provider, and a client of it. */
async function start(
  options: FakeOpenAIOptions = {},
  overrides: AppOverrides = {},
): Promise<{ fake: FakeOpenAI; client: TestClient }> {
  fake = await startFakeOpenAI(options);
  running = await runApp({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: fake.url }, overrides);
  client = await TestClient.connect(running.ws);
  return { fake, client };
}

/** A picture of one pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

test('a typed question is answered with frames of sound and face, and with words', async () => {
  const { client } = await start({ answer: ({ text }) => [say(`You asked ${text}`, { ms: 800 })] });
  client.send({ type: 'text', data: 'why?' });
  await client.until(() => client.of('audio_end').length === 1);
  await client.until(() => client.of('transcript_done').length === 2);
  const frames = client.of('sync_frame').filter((frame) => frame['filler'] !== true);
  assert.equal(pcmOf(frames).length, 0.8 * RATE);
  assert.equal(Object.keys(frames[0]?.['weights'] ?? {}).length, 52);
  assert.equal(client.of('transcript_done').at(-1)?.['text'], 'You asked why?');
  assert.deepEqual(client.of('error'), []);
});

test('speech is transcribed once, answered, and speaking over the answer interrupts it', async () => {
  const { client, fake } = await start({
    transcribe: () => 'Good morning.',
    answer: () => [say('Good morning to you. '.repeat(20), { ms: 20_000 })],
  });
  const connection = await fake.connection();
  await connection.until(() => connection.of('session.update').length === 1);
  const speak = async (pcm: Int16Array) => {
    for (let at = 0; at < pcm.length; at += 2400) {
      const chunk = Buffer.from(new Int16Array(pcm.subarray(at, at + 2400)).buffer);
      client.send({ type: 'audio', data: chunk.toString('base64') });
      await new Promise((resolve) => setTimeout(resolve, 50)); // twice real time, as much as is allowed
    }
  };
  const word = tone({ hz: 200, sampleRate: RATE, seconds: 0.5 });
  client.send({ type: 'audio_stream_start', sampleRate: RATE });
  await speak(silence(RATE, 0.3));
  await speak(word);
  client.send({ type: 'audio_stream_end' });
  await client.until(() => client.of('sync_frame').length > 20);
  const said = client.of('transcript_done').filter((done) => done['role'] === 'user');
  assert.deepEqual(
    said.map((done) => done['text']),
    ['Good morning.'],
  );

  client.send({ type: 'audio_stream_start', sampleRate: RATE });
  await speak(word);
  await client.until(() => client.of('interrupt').length === 1);
  const offsetMs = Number(client.of('interrupt')[0]?.['offsetMs']);
  await connection.until(() => connection.of('conversation.item.truncate').length === 1);
  const { audio_end_ms } = connection.of('conversation.item.truncate')[0] ?? { audio_end_ms: Number.NaN };
  assert.ok(Math.abs(audio_end_ms - offsetMs) < 150, `${audio_end_ms} ms cut, ${offsetMs} ms heard`);
  assert.deepEqual(connection.of('response.cancel'), [], 'the server stops by itself');
  assert.deepEqual(connection.refusals, []);
  assert.deepEqual(client.of('error'), []);
});

test('an answer that is complete but still played is cut where a reporting client stopped hearing it', async () => {
  const { client, fake } = await start({ answer: () => [say('word '.repeat(40), { ms: 10_000 })] });
  client.send({ type: 'text', data: 'Speak' });
  await client.until(() => client.of('sync_frame').length > 30);
  const turnId = client.of('audio_start')[0]?.['turnId'];
  client.send({ type: 'playback', turnId, playedMs: 700 });
  client.send({ type: 'interrupt' });
  const connection = await fake.connection();
  await connection.until(() => connection.of('conversation.item.truncate').length === 1);
  const { audio_end_ms } = connection.of('conversation.item.truncate')[0] ?? { audio_end_ms: Number.NaN };
  assert.ok(audio_end_ms >= 700 && audio_end_ms < 850, `${audio_end_ms} ms`);
  assert.deepEqual(connection.refusals, []);
});

test('a typed text stops the answer before it and gets one of its own', async () => {
  const { client, fake } = await start({
    answer: ({ text, index }) => [
      say(`About ${text}`, index === 0 ? { ms: 8000, everyMs: 50 } : { ms: 300 }),
    ],
  });
  client.send({ type: 'text', data: 'one' });
  await client.until(() => client.of('sync_frame').length > 5);
  client.send({ type: 'text', data: 'two' });
  await client.until(() => client.of('audio_end').length === 1);
  const connection = await fake.connection();
  assert.equal(connection.of('response.cancel').length, 1);
  assert.deepEqual(connection.refusals, []);
  const last = client.of('transcript_done').at(-1);
  assert.equal(last?.['text'], 'About two');
});

test('a tool call reaches the page, and the model goes on when it is answered', async () => {
  const { client, fake } = await start({
    answer: ({ kind }) =>
      kind === 'tool' ? [say('There it goes!', { ms: 300 })] : [callTool('trigger_confetti')],
  });
  client.send({ type: 'text', data: 'Celebrate!' });
  await client.until(() => client.of('audio_end').length === 1);
  assert.equal(client.of('trigger_action')[0]?.['function_name'], 'trigger_confetti');
  assert.equal(client.of('audio_start').length, 1, 'the call itself is no turn');
  const connection = await fake.connection();
  const output = connection.of('conversation.item.create').at(-1)?.item;
  assert.equal(output?.type === 'function_call_output' && output.output, '{"success":true}');
  assert.deepEqual(connection.refusals, []);
});

test('a picture is shown to the model with its caption, and answered with the next question', async () => {
  const { client, fake } = await start();
  const connection = await fake.connection();
  await connection.until(() => connection.of('session.update').length === 1);
  client.send({ type: 'image', data: PNG, mimeType: 'image/png', caption: 'a dot' });
  client.send({ type: 'text', data: 'What is it?' });
  await client.until(() => client.of('audio_end').length === 1);
  assert.deepEqual(connection.of('conversation.item.create')[0]?.item, {
    type: 'message',
    role: 'user',
    content: [
      { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
      { type: 'input_text', text: 'a dot' },
    ],
  });
  assert.equal(connection.of('response.create').length, 1);
});

test('a wrong key is told to the user once, and the socket stays', async () => {
  const { client, fake } = await start({ apiKey: 'sk-another' });
  await client.until(() => client.of('error').length === 1);
  assert.equal(client.of('error')[0]?.['code'], 'agent_unavailable');
  client.send({ type: 'ping' });
  await client.until(() => client.of('pong').length === 1);
  assert.equal(fake.attempts, 1);
});

test('a connection that is reset mid-answer: what was said is played, the user is told, and can go on in 3 s', async () => {
  const { client, fake } = await start({
    answer: ({ index, connection }) =>
      connection === fake?.connections[0] && index === 0
        ? [say('It begins well', { ms: 600 }), reset()]
        : [say('Here I am again', { ms: 300 })],
  });
  client.send({ type: 'text', data: 'Hello' });
  await client.until(() => client.of('error').length === 1);
  const lostAt = performance.now();
  assert.equal(client.of('error')[0]?.['code'], 'agent_lost');
  await client.until(() => client.of('audio_end').length === 1);
  assert.equal(pcmOf(client.of('sync_frame').filter((frame) => frame['filler'] !== true)).length, 0.6 * RATE);

  client.send({ type: 'text', data: 'Still there?' });
  await client.until(() => client.of('audio_start').length === 2);
  assert.ok(performance.now() - lostAt < 3000);
  const again = await fake.connection(1);
  const items = again.of('conversation.item.create').map(({ item }) => item.type === 'message' && item.role);
  assert.deepEqual(items, ['user', 'assistant', 'user'], 'it was told what was said before');
});

test('a session that grows old is exchanged between two answers, unnoticed, and the new one knows the conversation', async () => {
  const real = systemClock();
  const hasty: Clock = {
    ...real,
    // What lies most of an hour ahead happens in half a second.
    at: (atMs, callback) => real.at(atMs > real.now() + 3_000_000 ? real.now() + 500 : atMs, callback),
  };
  const { client, fake } = await start(
    { answer: ({ text }) => [say(`About ${text}`, { ms: 900 })] },
    { clock: hasty },
  );
  client.send({ type: 'text', data: 'cats' });
  const second = await fake.connection(1);
  assert.equal(client.of('audio_end').length, 1, 'the answer was played to its end first');
  await second.until(() => second.conversation.items.length === 2);
  assert.deepEqual(
    second.of('conversation.item.create').map(({ item }) => item.type === 'message' && item.content[0]?.text),
    ['cats', 'About cats'],
  );
  client.send({ type: 'text', data: 'dogs' });
  await client.until(() => client.of('audio_end').length === 2);
  assert.deepEqual(client.of('error'), []);
  assert.ok(fake.connections[0]?.isOpen === false, 'the old one is closed');
});
