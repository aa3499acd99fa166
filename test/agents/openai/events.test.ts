import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import type { AgentEvent } from '../../../src/agents/agent.ts';
import { Answers } from '../../../src/agents/openai/answers.ts';
import { ServerEvents } from '../../../src/agents/openai/events.ts';
import { Oddities } from '../../../src/agents/openai/oddities.ts';

/** A reader of events, what it has logged, and the answers it keeps. */
function reader() {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  const answers = new Answers();
  const events = new ServerEvents(answers, new Oddities(log));
  const read = (...list: Readonly<Record<string, unknown>>[]): AgentEvent[] =>
    list.flatMap((event) => events.read(event));
  return { read, answers, lines, kinds: () => lines.map((line) => JSON.parse(line).kind as string) };
}

const created = (id: string) => ({ type: 'response.created', response: { id, status: 'in_progress' } });

const done = (id: string, status: string, more: object = {}) => ({
  type: 'response.done',
  response: { id, status, output: [], ...more },
});

function audio(id: string, bytes: readonly number[], more: object = {}) {
  const delta = Buffer.from(bytes).toString('base64');
  return {
    type: 'response.output_audio.delta',
    response_id: id,
    item_id: 'i',
    content_index: 0,
    delta,
    ...more,
  };
}

const words = (id: string, delta: unknown) => ({
  type: 'response.output_audio_transcript.delta',
  response_id: id,
  item_id: 'i',
  delta,
});

const call = (id: string, item: object = {}) => ({
  type: 'response.output_item.done',
  response_id: id,
  item: {
    type: 'function_call',
    call_id: 'c',
    name: 'wave',
    arguments: '{"hands":2}',
    status: 'completed',
    ...item,
  },
});

const heardUser = (itemId: unknown, transcript: unknown) => ({
  type: 'conversation.item.input_audio_transcription.completed',
  item_id: itemId,
  content_index: 0,
  transcript,
});

test('a response is a turn under its own name: begun, words, sound, ended with all its words', () => {
  const { read, lines } = reader();
  const message = { type: 'message', content: [{ type: 'output_audio', transcript: 'Hello there' }] };
  assert.deepEqual(
    read(
      created('r'),
      words('r', 'Hello'),
      audio('r', [1, 0, 255, 255]),
      done('r', 'completed', { output: [message] }),
    ),
    [
      { type: 'turn_started', turnId: 'r' },
      { type: 'text', turnId: 'r', text: 'Hello', itemId: 'i' },
      { type: 'audio', turnId: 'r', pcm: Int16Array.of(1, -1) },
      { type: 'turn_ended', turnId: 'r', text: 'Hello there' },
    ],
  );
  assert.deepEqual(lines, []);
});

for (const status of ['completed', 'cancelled', 'failed', 'incomplete', 'in a way nobody knows', undefined]) {
  test(`a response that ends ${status} ends its turn once`, () => {
    const { read, answers } = reader();
    read(created('r'), audio('r', [1, 0]));
    const end = { type: 'response.done', response: { id: 'r', status } };
    const types = read(end, end).map(({ type }) => type);
    assert.deepEqual(types, ['turn_ended']);
    assert.deepEqual(answers.running, []);
  });
}

test('a failed or incomplete answer carries an error that names the code only', () => {
  const { read, lines } = reader();
  const secret = { code: 'rate_limit_exceeded', type: 'tokens', message: 'sk-secret said Hello' };
  const failed = read(
    created('r'),
    done('r', 'failed', { status_details: { type: 'failed', error: secret } }),
  ).at(-1);
  assert.ok(failed?.type === 'turn_ended');
  assert.equal(failed.error?.code, 'agent_failed');
  assert.match(failed.error?.message ?? '', /rate_limit_exceeded/);
  const incomplete = read(
    created('s'),
    done('s', 'incomplete', { status_details: { type: 'incomplete', reason: 'content_filter' } }),
  ).at(-1);
  assert.ok(incomplete?.type === 'turn_ended' && incomplete.error?.message.includes('content_filter'));
  assert.ok(!lines.join('').includes('secret') && !failed.error?.message.includes('secret'));
});

test('speech over an answer is told, and the answer counts as being stopped by the server', () => {
  const { read, answers } = reader();
  read(created('r'));
  assert.deepEqual(read({ type: 'input_audio_buffer.speech_started', item_id: 'u', audio_start_ms: 10 }), [
    { type: 'user_speaking' },
  ]);
  assert.equal(answers.get('r')?.stopping, true);
  assert.deepEqual(read({ type: 'input_audio_buffer.speech_stopped', item_id: 'u', audio_end_ms: 900 }), [
    { type: 'user_finished' },
  ]);
});

test('two responses at once are two turns, each with its own sound', () => {
  const { read, answers } = reader();
  const events = read(
    created('a'),
    created('b'),
    audio('a', [1, 0]),
    audio('b', [2, 0]),
    audio('a', [3, 0]),
    done('a', 'completed'),
    audio('b', [4, 0]),
    done('b', 'completed'),
  );
  const soundOf = (turnId: string) =>
    events.flatMap((event) => (event.type === 'audio' && event.turnId === turnId ? [...event.pcm] : []));
  assert.deepEqual(soundOf('a'), [1, 3]);
  assert.deepEqual(soundOf('b'), [2, 4]);
  assert.deepEqual(answers.running, []);
});

test('sound of a response that was never announced is a turn, but nothing waits for its end', () => {
  const { read, answers } = reader();
  const types = read(audio('stray', [1, 0]), audio('stray', [2, 0])).map(({ type }) => type);
  assert.deepEqual(types, ['turn_started', 'audio', 'audio']);
  assert.deepEqual(answers.running, []);
});

test('sound that names no response, or comes after its end, is dropped and logged once', () => {
  const { read, kinds } = reader();
  read(created('r'), done('r', 'completed'));
  const nameless = { type: 'response.output_audio.delta', item_id: 'i', delta: 'AAA=' };
  assert.deepEqual(read(nameless, nameless, audio('r', [1, 0]), audio('r', [1, 0])), []);
  assert.deepEqual(kinds(), ['audio without a response', 'audio after its response']);
});

test('a sample cut in two is joined again, over any number of pieces', () => {
  const { read, kinds } = reader();
  const bytes = [1, 0, 2, 0, 3, 0, 4, 0];
  const events = read(
    created('r'),
    audio('r', bytes.slice(0, 3)),
    audio('r', bytes.slice(3, 4)),
    audio('r', bytes.slice(4, 5)),
    audio('r', bytes.slice(5)),
  );
  const samples = events.flatMap((event) => (event.type === 'audio' ? [...event.pcm] : []));
  assert.deepEqual(samples, [1, 2, 3, 4]);
  assert.ok(events.every((event) => event.type !== 'audio' || event.pcm.length > 0));
  assert.deepEqual(kinds(), ['odd number of bytes']);
});

test('garbled base64 and fields of a wrong type are dropped, each kind logged once', () => {
  const { read, kinds } = reader();
  read(created('r'));
  const garbled = audio('r', [], { delta: '!!!! not base64 !!!!' });
  assert.deepEqual(
    read(
      garbled,
      garbled,
      audio('r', [], { delta: 7 }),
      audio('r', [], { item_id: {} }),
      words('r', null),
      words('r', ['x']),
      { type: 'response.created' },
      { type: 'response.done', response: [] },
      { type: 'response.output_item.done', response_id: 'r', item: { type: 'function_call', call_id: 4 } },
      heardUser(null, 'x'),
      heardUser('u', 5),
      { type: 5 },
    ),
    [],
  );
  assert.equal(new Set(kinds()).size, kinds().length);
  assert.ok(kinds().includes('garbled audio') && kinds().includes('malformed transcript'));
});

test('unknown events are ignored; of a hundred invented kinds the log holds no more than a hundred lines', () => {
  const { read, lines } = reader();
  const invented = Array.from({ length: 5000 }, (_, index) => ({
    type: `response.invented_${index}`.repeat(9),
  }));
  assert.deepEqual(read(...invented, ...invented), []);
  assert.ok(lines.length <= 100);
  assert.ok(lines.every((line) => line.length < 250));
});

test('an event that comes twice counts once', () => {
  const { read } = reader();
  const delta = { ...audio('r', [1, 0]), event_id: 'e1' };
  assert.equal(read(created('r'), delta, delta, delta).filter(({ type }) => type === 'audio').length, 1);
});

test('what the user said is told once per item, however often and late it comes, and not if it was nothing', () => {
  const { read } = reader();
  assert.deepEqual(read(heardUser('u', ' Hello. '), heardUser('u', 'Hello.'), heardUser('v', '  ')), [
    { type: 'user_text', text: 'Hello.', final: true, itemId: 'u' },
  ]);
});

test('words that come after their response are dropped', () => {
  const { read } = reader();
  assert.deepEqual(read(created('r'), done('r', 'completed'), words('r', 'late')).slice(2), []);
});

test('a tool call is told once, although the API says it three times', () => {
  const { read } = reader();
  const events = read(
    created('r'),
    {
      type: 'response.function_call_arguments.done',
      response_id: 'r',
      call_id: 'c',
      arguments: '{"hands":2}',
    },
    call('r'),
    done('r', 'completed', { output: [call('r').item] }),
  );
  assert.deepEqual(
    events.filter(({ type }) => type === 'tool_call'),
    [{ type: 'tool_call', turnId: 'r', callId: 'c', name: 'wave', args: { hands: 2 } }],
  );
});

test('arguments that are no JSON are handed on as they were written; none are an empty object', () => {
  const { read } = reader();
  const args = (written: string, callId: string) =>
    read(call('r', { arguments: written, call_id: callId })).map((event) => 'args' in event && event.args);
  assert.deepEqual(args('{"a":', '1'), ['{"a":']);
  assert.deepEqual(args('', '2'), [{}]);
});

test('of a cancelled answer nothing is told any more but its end, and half a call is no call', () => {
  const { read, answers } = reader();
  read(created('r'), audio('r', [1, 0]));
  answers.get('r')?.cut(0);
  const types = read(
    audio('r', [2, 0]),
    words('r', 'x'),
    call('r'),
    call('r', { call_id: 'd', status: 'incomplete' }),
    done('r', 'cancelled'),
  ).map(({ type }) => type);
  assert.deepEqual(types, ['turn_ended']);
});

test('a minute of sound in one event is one piece of sound', () => {
  const { read } = reader();
  const minute = Buffer.alloc(60 * 24_000 * 2, 1).toString('base64');
  const events = read(created('r'), audio('r', [], { delta: minute }));
  assert.ok(events[1]?.type === 'audio' && events[1].pcm.length === 60 * 24_000);
});
