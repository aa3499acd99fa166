import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { GoogleGenAI, type LiveServerMessage, Modality } from '@google/genai';
import { WebSocket } from 'ws';
import { FakeGemini, type GeminiScript } from '../../src/testing/fake-gemini.ts';
import { checkSetup } from '../../src/testing/fake-gemini-setup.ts';
import {
  complete,
  goAway,
  pause,
  speech,
  stall,
  thought,
  words,
} from '../../src/testing/fake-gemini-steps.ts';

const started: FakeGemini[] = [];

afterEach(async () => {
  for (const fake of started.splice(0)) await fake.close();
});

async function start(script: GeminiScript = {}): Promise<FakeGemini> {
  const fake = await FakeGemini.start(script);
  started.push(fake);
  return fake;
}

/** Connects with the official SDK as it is, and keeps what comes. */
async function connect(fake: FakeGemini, handle?: string) {
  const messages: LiveServerMessage[] = [];
  const closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  const client = new GoogleGenAI({ apiKey: 'key', vertexai: false, httpOptions: { baseUrl: fake.url } });
  const session = await client.live.connect({
    model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    config: {
      responseModalities: [Modality.AUDIO],
      outputAudioTranscription: {},
      sessionResumption: handle === undefined ? {} : { handle },
    },
    callbacks: { onmessage: (message) => messages.push(message), onclose: closed.resolve },
  });
  return { messages, session, closed: closed.promise };
}

/** A socket without the SDK, for what the SDK would not send. */
async function rawSocket(fake: FakeGemini): Promise<WebSocket> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${fake.port}/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k`,
  );
  await once(socket, 'open');
  return socket;
}

async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: String(reason) };
}

test('the official SDK talks with it: setup, question, sound, words, completion, handle', async () => {
  const fake = await start();
  const { messages, session, closed } = await connect(fake);
  session.sendClientContent({ turns: 'Hello?' });
  session.sendRealtimeInput({ audio: { data: 'AQACAA==', mimeType: 'audio/pcm;rate=16000' } });
  await fake.until(() => fake.connection.audio.length === 2);
  session.close();
  await closed;

  const content = messages.flatMap(({ serverContent }) => serverContent ?? []);
  assert.equal(content[0]?.outputTranscription?.text, 'You said: Hello?');
  const sounds = content.flatMap(
    ({ modelTurn }) => modelTurn?.parts?.flatMap((part) => part.inlineData ?? []) ?? [],
  );
  assert.equal(sounds.length, 6);
  assert.equal(sounds[0]?.mimeType, 'audio/pcm;rate=24000');
  assert.deepEqual(content.slice(-2), [{ generationComplete: true }, { turnComplete: true }]);
  assert.deepEqual(messages.at(-1)?.sessionResumptionUpdate, { newHandle: 'handle-1', resumable: true });
  assert.deepEqual([...fake.connection.audio], [1, 2]);
  assert.deepEqual(fake.connection.audioTypes, ['audio/pcm;rate=16000']);
});

test('a setup is checked as strictly as the API does it', () => {
  const setup = {
    model: 'models/gemini',
    generationConfig: { responseModalities: ['AUDIO'] },
    inputAudioTranscription: {},
  };
  assert.ok('setup' in checkSetup({ setup }));
  for (const wrong of [
    { clientContent: {} },
    { setup: { ...setup, model: 'gemini' } },
    { setup: { ...setup, inputAudioTranscription: { model: 'whisper' } } },
    { setup: { ...setup, generationConfig: { responseModalities: ['TEXT', 'AUDIO'] } } },
    {
      setup: {
        ...setup,
        generationConfig: { ...setup.generationConfig, thinkingConfig: { thinkingBudget: '0' } },
      },
    },
    { setup: { ...setup, colour: 'blue' } },
    { setup: { ...setup, realtimeInputConfig: { turnCoverage: 'EVERYTHING' } } },
    { setup: { ...setup, sessionResumption: { handle: 5 } } },
    null,
  ]) {
    assert.ok('problem' in checkSetup(wrong), JSON.stringify(wrong));
  }
});

test('a first message that is no correct setup, and what is no JSON, close the connection with 1007', async () => {
  const fake = await start();
  for (const message of ['{"clientContent":{}}', '{"setup":{"model":5}}', 'hello']) {
    const socket = await rawSocket(fake);
    socket.send(message);
    assert.equal((await closing(socket)).code, 1007);
  }
});

test('only the Live API has an address', async () => {
  const fake = await start();
  const socket = new WebSocket(`ws://127.0.0.1:${fake.port}/ws/elsewhere`);
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /404/);
});

test('attempts are refused, hung, or broken as the script says, with the key and version they came with', async () => {
  const fake = await start({
    onConnect: ({ number }) => (number === 1 ? { status: 429, retryAfterS: 3 } : 'reset'),
  });
  const address = `ws://127.0.0.1:${fake.port}//ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent?key=abc`;
  const [, response] = (await once(new WebSocket(address), 'unexpected-response')) as [
    unknown,
    { statusCode: number; headers: Record<string, string> },
  ];
  assert.deepEqual([response.statusCode, response.headers['retry-after']], [429, '3']);
  const [error] = (await once(new WebSocket(address), 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNRESET');
  assert.deepEqual(fake.attempts[1], { number: 2, apiVersion: 'v1alpha', apiKey: 'abc' });
});

test('a wrong key closes with the reason the API gives', async () => {
  const fake = await start({ apiKey: 'right' });
  await assert.rejects(connect(fake), /API key not valid/);
});

test('a handle resumes its conversation on a new connection, once the old one is closed', async () => {
  const fake = await start({ onText: () => undefined });
  const first = await connect(fake);
  first.session.sendClientContent({ turns: 'One' });
  await fake.until(() => fake.connection.conversation?.texts.length === 1);
  await fake.connection.play([words('Yes.'), complete()]);
  await assert.rejects(connect(fake, 'handle-1'), /code 1011/);
  first.session.close();
  await first.closed;
  const second = await connect(fake, 'handle-1');
  second.session.sendClientContent({ turns: 'Two' });
  await fake.until(() => fake.connection.conversation?.texts.length === 2);
  assert.deepEqual(fake.connection.conversation?.texts, ['One', 'Two']);
  await assert.rejects(connect(fake, 'never given'), /not found/);
});

test('what is typed interrupts what is being said', async () => {
  const fake = await start({
    onText: (text) => (text === 'long' ? [speech(100), stall()] : [words('Short.'), complete()]),
  });
  const { messages, session } = await connect(fake);
  session.sendClientContent({ turns: 'long' });
  session.sendClientContent({ turns: 'short' });
  await fake.until(() => fake.connection.conversation?.texts.length === 2);
  session.close();
  await fake.until(() => fake.connection.closedWith !== undefined);
  const content = messages.flatMap(({ serverContent }) => serverContent ?? []);
  const at = content.findIndex(({ interrupted }) => interrupted === true);
  assert.equal(content[at + 1]?.turnComplete, true);
  assert.equal(content[at + 2]?.outputTranscription?.text, 'Short.');
});

test('steps are done in their order, lists among them, and a new script takes the place of the old', async () => {
  const fake = await start();
  const { messages, session } = await connect(fake);
  const old = fake.connection.play([goAway(9), pause(60_000), words('never')]);
  await fake.connection.play([[thought('hm'), [words('now')]], complete()]);
  await old;
  session.close();
  await fake.until(() => fake.connection.closedWith !== undefined);
  assert.deepEqual(messages[1]?.goAway ?? messages[0]?.goAway, { timeLeft: '9s' });
  const content = messages.flatMap(({ serverContent }) => serverContent ?? []);
  assert.deepEqual(content[0]?.modelTurn?.parts, [{ text: 'hm', thought: true }]);
  assert.equal(content[1]?.outputTranscription?.text, 'now');
  assert.ok(!JSON.stringify(content).includes('never'));
});

test('waiting for what never happens ends with an error that says what it was', async () => {
  const fake = await start();
  await assert.rejects(
    fake.until(() => fake.connections.length === 7, 20),
    /connections\.length === 7/,
  );
});
