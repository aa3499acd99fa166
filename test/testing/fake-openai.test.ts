import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from '../../src/testing/fake-openai.ts';
import { callTool, endWith, fakeSpeech, say, wait } from '../../src/testing/fake-openai-script.ts';
import { eventually } from '../support/eventually.ts';

type Event = Readonly<Record<string, unknown>>;

let fake: FakeOpenAI | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

/** A client without any SDK: what it sends is exactly what is written here. */
async function connect(options: FakeOpenAIOptions = {}, headers: Readonly<Record<string, string>> = {}) {
  fake = await startFakeOpenAI(options);
  const url = `${fake.url.replace('http', 'ws')}/realtime?model=gpt-realtime`;
  const socket = new WebSocket(url, { headers: { authorization: 'Bearer sk-test', ...headers } });
  const events: Event[] = [];
  socket.on('message', (data) => events.push(JSON.parse(String(data)) as Event));
  await once(socket, 'open');
  const until = async (type: string, count = 1) => {
    const found = () => events.filter((event) => event['type'] === type);
    await eventually(`${type} number ${count}`, () => found().length >= count);
    return found()[count - 1] ?? {};
  };
  return {
    socket,
    events,
    until,
    send: (event: unknown) => socket.send(typeof event === 'string' ? event : JSON.stringify(event)),
    /** Sends an event and gives the code and field of the error that answers it. */
    refused: async (event: unknown) => {
      const before = events.filter(({ type }) => type === 'error').length;
      socket.send(typeof event === 'string' ? event : JSON.stringify(event));
      const { error } = (await until('error', before + 1)) as {
        error: { code: string; param: string | null };
      };
      return error.param === null ? error.code : `${error.code} ${error.param}`;
    },
  };
}

const userText = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const update = (session: Event) => ({ type: 'session.update', session });

test('it greets with session.created, and takes no client of the beta API', async () => {
  const { until } = await connect();
  await until('session.created');
  await fake?.close();
  const beta = await connect({}, { 'openai-beta': 'realtime=v1' });
  const [code] = (await once(beta.socket, 'close')) as [number];
  assert.equal(code, 4000);
  const { error } = (await beta.until('error')) as { error: Event };
  assert.equal(error['code'], 'beta_api_shape_disabled');
});

test('the beta’s flat session and everything else that GA does not know is refused by name', async () => {
  const { refused, until, send } = await connect();
  assert.equal(await refused(update({ voice: 'alloy' })), 'missing_required_parameter session.type');
  const flat = update({ type: 'realtime', modalities: ['audio'] });
  assert.equal(await refused(flat), 'unknown_parameter session.modalities');
  const turns = { type: 'semantic_vad', threshold: 0.5 };
  assert.equal(
    await refused(update({ type: 'realtime', audio: { input: { turn_detection: turns } } })),
    'unknown_parameter session.audio.input.turn_detection.threshold',
  );
  const rate = { format: { type: 'audio/pcm', rate: 16_000 } };
  assert.equal(
    await refused(update({ type: 'realtime', audio: { output: rate } })),
    'invalid_value session.audio.output.format.rate',
  );
  send(update({ type: 'realtime', audio: { input: { noise_reduction: null }, output: { voice: 'cedar' } } }));
  await until('session.updated');
});

test('an answer comes as the API sends it: created, items and parts, words and sound, and done', async () => {
  const { send, until, events } = await connect({ answer: () => [say('Hello there', { ms: 200 })] });
  send(userText('Hi'));
  send({ type: 'response.create' });
  const done = await until('response.done');
  const types = events.map(({ type }) => type).slice(3);
  assert.deepEqual(
    types.filter((type, index) => type !== types[index - 1]),
    [
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
    ],
  );
  assert.equal((done['response'] as Event)['status'], 'completed');
  const ids = events.map((event) => event['event_id']);
  assert.equal(new Set(ids).size, ids.length, 'every event has a name of its own');
});

test('one response at a time: a second is refused, a cancel ends it as cancelled, a second cancel is refused', async () => {
  const { send, refused, until } = await connect({ answer: () => [wait(60_000), say('Never')] });
  send({ type: 'response.create' });
  await until('response.created');
  assert.equal(await refused({ type: 'response.create' }), 'conversation_already_has_active_response');
  assert.equal(
    await refused({ type: 'response.cancel', response_id: 'another' }),
    'response_cancel_not_active',
  );
  send({ type: 'response.cancel' });
  const { response } = (await until('response.done')) as { response: Event };
  assert.equal(response['status'], 'cancelled');
  assert.equal(await refused({ type: 'response.cancel' }), 'response_cancel_not_active');
});

test('a truncation must name a spoken item and a millisecond within it', async () => {
  const { send, refused, until } = await connect({ answer: () => [say('Hello', { ms: 500 })] });
  send(userText('Hi'));
  const { item: mine } = (await until('conversation.item.done')) as { item: Event };
  send({ type: 'response.create' });
  const { item } = (await until('response.output_item.done')) as { item: Event };
  const cut = (fields: Event) => ({
    type: 'conversation.item.truncate',
    item_id: item['id'],
    content_index: 0,
    audio_end_ms: 100,
    ...fields,
  });
  assert.match(await refused(cut({ item_id: 'nobody' })), /^item_truncate_invalid_item_id/);
  assert.equal(await refused(cut({ item_id: mine['id'] })), 'invalid_value item_id');
  assert.equal(await refused(cut({ content_index: 1 })), 'invalid_value content_index');
  assert.equal(await refused(cut({ audio_end_ms: 100.5 })), 'invalid_type audio_end_ms');
  assert.equal(await refused(cut({ audio_end_ms: null })), 'invalid_type audio_end_ms');
  assert.equal(await refused(cut({ audio_end_ms: 501 })), 'invalid_value audio_end_ms');
  send(cut({ audio_end_ms: 500 }));
  await until('conversation.item.truncated');
});

test('items are checked: who says what, which call is answered, what is a picture', async () => {
  const { refused } = await connect();
  const create = (item: Event) => ({ type: 'conversation.item.create', item });
  const message = (role: string, part: Event) => create({ type: 'message', role, content: [part] });
  assert.match(
    await refused(message('assistant', { type: 'text', text: 'x' })),
    /^invalid_value item.content/,
  );
  assert.match(
    await refused(message('user', { type: 'output_text', text: 'x' })),
    /^invalid_value item.content/,
  );
  const webp = { type: 'input_image', image_url: 'data:image/webp;base64,AAAA' };
  assert.match(await refused(message('user', webp)), /image_url$/);
  const output = create({ type: 'function_call_output', call_id: 'nobody', output: '1' });
  assert.equal(await refused(output), 'invalid_value item.call_id');
});

test('speech is heard by its loudness: started, stopped after its silence, transcribed, answered', async () => {
  const { send, until, events } = await connect({ transcribe: () => 'Good day' });
  const turns = { type: 'server_vad', silence_duration_ms: 300 };
  send(update({ type: 'realtime', audio: { input: { turn_detection: turns } } }));
  const append = (pcm: Int16Array) =>
    send({ type: 'input_audio_buffer.append', audio: Buffer.from(pcm.buffer).toString('base64') });
  append(fakeSpeech(600));
  await until('input_audio_buffer.speech_started');
  append(new Int16Array(24 * 200));
  append(new Int16Array(24 * 200));
  await until('input_audio_buffer.speech_stopped');
  const heard = await until('conversation.item.input_audio_transcription.completed');
  assert.equal(heard['transcript'], 'Good day');
  const { response } = (await until('response.done')) as { response: { output: { content: Event[] }[] } };
  assert.equal(response.output[0]?.content[0]?.['transcript'], 'You said: Good day');
  assert.ok(!events.some(({ type }) => type === 'error'));
});

test('sound that is no base64, or half a sample, is refused; so is a commit of nothing', async () => {
  const { refused } = await connect();
  const append = (audio: unknown) => refused({ type: 'input_audio_buffer.append', audio });
  for (const audio of ['###', 'AAAA', '', 5]) assert.equal(await append(audio), 'invalid_value audio');
  assert.equal(await refused({ type: 'input_audio_buffer.commit' }), 'input_audio_buffer_commit_empty');
});

test('what is no event, or one nobody knows, is answered with an error, and the connection stays', async () => {
  const { refused, socket } = await connect();
  assert.equal(await refused('{nonsense'), 'invalid_json');
  assert.equal(await refused({ type: 'session.please' }), 'invalid_value type');
  assert.equal(socket.readyState, WebSocket.OPEN);
});

test('answers can call tools and end badly', async () => {
  const { send, until } = await connect({
    answer: () => [callTool('wave', { hand: 1 }, 'call_1'), endWith('incomplete', 'content_filter')],
  });
  send({ type: 'response.create' });
  const { name, arguments: args } = await until('response.function_call_arguments.done');
  assert.deepEqual([name, args], ['wave', '{"hand":1}']);
  const { response } = (await until('response.done')) as { response: Event };
  assert.equal(response['status'], 'incomplete');
});

test('the door refuses with any status, and knows the right key from a wrong one', async () => {
  const statusOf = async (options: FakeOpenAIOptions) => {
    const server = await startFakeOpenAI(options);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/realtime?model=m`, {
      headers: { authorization: 'Bearer sk-wrong' },
    });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.terminate();
    await server.close();
    return response.statusCode;
  };
  assert.equal(await statusOf({ door: () => ({ status: 503 }) }), 503);
  assert.equal(await statusOf({ apiKey: 'sk-right' }), 401);
});
