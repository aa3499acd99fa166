import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startVoice } from '../src/agents/offline/speech/voice.ts';
import { type RunningApp, runApp, TestClient } from './support/client.ts';
import { pcmOf } from './support/session.ts';

let running: RunningApp;

before(async () => {
  running = await runApp();
});

after(() => running.app.close());

test('with nothing configured, a typed hello is answered aloud with moving lips', async () => {
  const client = await TestClient.connect(running.ws);
  await client.until(() => client.of('config').length === 1);
  client.send({ type: 'text', data: 'Hello' });
  await client.until(() => client.of('audio_end').length === 1, 20_000);
  await client.until(() => client.received.at(-1)?.['state'] === 'Listening');

  const frames = client.of('sync_frame');
  const jaws = frames.map((frame) => (frame['weights'] as Record<string, number>)['jawOpen'] ?? 0);
  assert.ok(frames.length > 90, `${frames.length} frames: seconds of speech`);
  assert.ok(
    pcmOf(frames).some((sample) => sample > 3000),
    'it can be heard',
  );
  assert.ok(Math.max(...jaws) > 0.1 && Math.min(...jaws) < 0.05, 'the jaw moves');
  const words = client.of('transcript_delta').map((delta) => delta['text']);
  const answer = client.of('transcript_done').find((done) => done['role'] === 'assistant');
  assert.match(String(answer?.['text']), /^Hello/);
  assert.equal(words.join(''), answer?.['text']);
  assert.deepEqual(client.of('error'), []);
  await client.close();
});

test('what is said into the microphone comes back in the same voice, and speaking over it stops it', async () => {
  const voice = startVoice('slt', 24_000);
  const spoken = await voice.speak('This is what I said into the microphone.');
  await voice.close();

  const client = await TestClient.connect(running.ws);
  client.send({ type: 'audio_stream_start', sampleRate: 24_000 });
  const silence = new Int16Array(24_000);
  const mic = new Int16Array(silence.length * 2 + spoken.length);
  mic.set(spoken, silence.length);
  const speakInto = async (pcm: Int16Array) => {
    for (let at = 0; at < pcm.length; at += 2400) {
      const chunk = Buffer.from(new Int16Array(pcm.subarray(at, at + 2400)).buffer);
      client.send({ type: 'audio', data: chunk.toString('base64') });
      await new Promise((resolve) => setTimeout(resolve, 50)); // twice real time, as much as is allowed
    }
  };
  await speakInto(mic);
  await client.until(() => client.of('sync_frame').length > 20);
  await speakInto(spoken.subarray(0, 24_000));
  await client.until(() => client.of('interrupt').length === 1);

  const echoed = pcmOf(client.of('sync_frame')).subarray(0, 12_000);
  const start = mic.findIndex((_, at) => echoed.every((sample, index) => sample === mic[at + index]));
  assert.ok(start > 0, 'sample for sample what was said');
  assert.deepEqual(client.of('error'), []);
  await client.close();
});

test('two conversations at a time do not hear each other', async () => {
  const [one, two] = await Promise.all([TestClient.connect(running.ws), TestClient.connect(running.ws)]);
  one.send({ type: 'text', data: 'thank you' });
  two.send({ type: 'text', data: 'goodbye' });
  await Promise.all([one, two].map((client) => client.until(() => client.of('audio_end').length === 1)));
  const said = (client: TestClient) =>
    client.of('transcript_done').find((done) => done['role'] === 'assistant')?.['text'];
  await Promise.all([one, two].map((client) => client.until(() => said(client) !== undefined)));
  assert.match(String(said(one)), /welcome/);
  assert.match(String(said(two)), /Goodbye/);
  assert.notEqual(one.of('audio_start')[0]?.['sessionId'], two.of('audio_start')[0]?.['sessionId']);
  await Promise.all([one.close(), two.close()]);
});

test('when all clients have gone, no session is left', async () => {
  assert.equal(running.app.sessions, 0);
});
