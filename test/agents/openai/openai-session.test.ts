import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { pino } from 'pino';
import type { OpenAgent } from '../../../src/agents/agent.ts';
import { createOpenAIAgent } from '../../../src/agents/openai/openai-agent.ts';
import { parseConfig } from '../../../src/config/config.ts';
import type { Settings } from '../../../src/config/settings.ts';
import type { AgentError } from '../../../src/errors.ts';
import { type Logger, silentLogger } from '../../../src/log.ts';
import {
  type FakeDoor,
  type FakeOpenAI,
  type FakeOpenAIOptions,
  startFakeOpenAI,
} from '../../../src/testing/fake-openai.ts';
import type { FakeConnection } from '../../../src/testing/fake-openai-connection.ts';
import {
  callTool,
  closeWith,
  endWith,
  reset,
  say,
  sendAudio,
  sendError,
  sendRaw,
  stall,
  wait,
} from '../../../src/testing/fake-openai-script.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';
import { tone } from '../../support/sounds.ts';

const RATE = 24_000;

/** The newest server; and all that a test started. */
let fake: FakeOpenAI | undefined;
let fakes: FakeOpenAI[] = [];
let abort = new AbortController();

afterEach(async () => {
  abort.abort();
  abort = new AbortController();
  await Promise.all(fakes.map((server) => server.close()));
  fakes = [];
  fake = undefined;
});

interface Opening extends FakeOpenAIOptions {
  readonly settings?: Partial<Settings>;
  readonly conversation?: Partial<OpenAgent>;
  readonly log?: Logger;
}

/** A conversation with the agent on a fake clock, the provider's end of it, and what the agent says. */
async function open(opening: Opening = {}) {
  const server = await startFakeOpenAI(opening);
  fake = server;
  fakes.push(server);
  const config = parseConfig({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.url });
  const agent = createOpenAIAgent({ ...config, ...opening.settings }, opening.log ?? silentLogger());
  const sink = new RecordingSink();
  const clock = new FakeClock();
  const options = { ...conversation(sink, abort.signal), clock, ...opening.conversation };
  const session = await agent.open(options);
  return { session, sink, clock, server, provider: await server.connection() };
}

/** Why a conversation could not be opened. */
async function refusal(opening: Opening): Promise<AgentError> {
  return open(opening).then(
    () => assert.fail('it opened'),
    (error: AgentError) => error,
  );
}

const rolesOf = (provider: FakeConnection) =>
  provider.conversation.items.map(({ item }) => (item.type === 'message' ? item.role : item.type));

// The door

for (const [door, retryable] of [
  ['drop', true],
  [{ status: 401 }, false],
  [{ status: 403 }, false],
  [{ status: 404 }, false],
  [{ status: 429 }, true],
  [{ status: 500 }, true],
  [{ status: 503 }, true],
] as const satisfies readonly (readonly [FakeDoor, boolean])[]) {
  test(`${JSON.stringify(door)} at the door is ${retryable ? '' : 'not '}worth another try`, async () => {
    const error = await refusal({ door: () => door });
    assert.equal(error.code, 'agent_unavailable');
    assert.equal(error.retryable, retryable);
  });
}

test('429 with Retry-After says when to come back', async () => {
  const error = await refusal({ door: () => ({ status: 429, retryAfter: '7' }) });
  assert.equal(error.retryAfterMs, 7000);
});

test('nobody there is worth another try', async () => {
  const error = await refusal({ settings: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' } });
  assert.equal(error.retryable, true);
});

test('a name that does not exist, and a server without TLS behind https, are worth another try', async () => {
  const unknown = await refusal({ settings: { OPENAI_BASE_URL: 'https://nobody.invalid/v1' } });
  assert.equal(unknown.retryable, true);
  const plain = await startFakeOpenAI();
  const noTls = await refusal({ settings: { OPENAI_BASE_URL: plain.url.replace('http', 'https') } });
  await plain.close();
  assert.equal(noTls.retryable, true);
});

for (const door of ['hang', 'silent'] as const) {
  test(`a server that takes the connection and then is ${door} is given up after 10 s`, async () => {
    const clock = new FakeClock();
    const opening = refusal({ door: () => door, conversation: { clock } });
    await eventually('the knock', () => fake?.attempts === 1);
    await clock.advance(10_000);
    const error = await opening;
    assert.equal(error.retryable, true);
    assert.equal(clock.pendingTimers, 0);
  });
}

test('settings that the API refuses are told as what no retry helps', async () => {
  const error = await refusal({ settings: { OPENAI_VOICE_SPEED: 9 } });
  assert.equal(error.retryable, false);
  assert.match(error.message, /session\.audio\.output\.speed/);
});

test('a key that is refused after the handshake is not worth another try', async () => {
  const opening = refusal({ door: () => 'silent' });
  await eventually('the knock', () => fake?.attempts === 1);
  const provider = await fake?.connection();
  const error = { type: 'invalid_request_error', code: 'invalid_api_key', message: 'sk-test is wrong' };
  provider?.sendRaw({ type: 'error', event_id: 'e', error });
  provider?.close(3000, 'invalid_request_error');
  const refused = await opening;
  assert.equal(refused.retryable, false);
  assert.equal(refused.code, 'agent_unavailable');
  assert.ok(!refused.message.includes('sk-test'));
});

// The end of a connection

for (const [how, step, retryable] of [
  ['reset', reset(), true],
  ['closed with 1001', closeWith(1001), true],
  ['closed with 1011', closeWith(1011, 'internal'), true],
  ['closed with 3000', closeWith(3000), false],
] as const) {
  test(`a connection ${how} in the middle of an answer is lost once, with what was said before it`, async () => {
    const { session, sink } = await open({ answer: () => [say('Half', { ms: 200 }), step] });
    session.sendText('Speak');
    const { error } = await sink.until('lost');
    assert.equal(error.retryable, retryable);
    assert.equal(error.code, 'agent_lost');
    assert.equal(
      sink.of('audio').reduce((sum, { pcm }) => sum + pcm.length, 0),
      0.2 * RATE,
    );
    await session.close();
    assert.equal(sink.of('lost').length, 1);
  });
}

test('an answer that stalls is given up after 15 to 20 s', async () => {
  const { session, sink, clock } = await open({ answer: () => [say('Half', { ms: 200 }), stall()] });
  session.sendText('Speak');
  await sink.until('audio', 2);
  await clock.advance(14_000);
  assert.deepEqual(sink.of('lost'), []);
  await clock.advance(6000);
  assert.equal((await sink.until('lost')).error.retryable, true);
});

test('a session at its maximum age is lost, and another may be opened at once', async () => {
  const { sink, provider } = await open();
  provider.expire();
  const { error } = await sink.until('lost');
  assert.equal(error.retryable, true);
  assert.match(error.message, /session_expired/);
});

test('after 55 minutes it says that it will expire; the pings of an hour are sent and answered', async () => {
  const { sink, clock, provider, session } = await open();
  for (let minute = 0; minute < 55; minute += 1) {
    assert.deepEqual(sink.of('expiring'), []);
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const before = provider.pings;
      await clock.advance(15_000);
      await provider.until(() => provider.pings > before);
      await new Promise((resolve) => setTimeout(resolve, 1)); // the pong's way back
    }
  }
  assert.equal(sink.of('expiring').length, 1);
  assert.deepEqual(sink.of('lost'), []);
  await session.close();
  assert.equal(clock.pendingTimers, 0);
});

test('closing closes the socket, leaves no timer, and says nothing', async () => {
  const { session, sink, clock, provider } = await open();
  await Promise.all([session.close(), session.close()]);
  await provider.until(() => !provider.isOpen);
  assert.deepEqual(sink.events, []);
  assert.equal(clock.pendingTimers, 0);
});

test('a peer that does not take part in the closing is cut off', async () => {
  const { session, provider } = await open();
  provider.stall();
  const before = performance.now();
  await session.close();
  assert.ok(performance.now() - before < 2000);
});

// The past

test('a reopened conversation is told what was said, as text, before anything else', async () => {
  const history = [
    { role: 'user', text: 'My name is Ada.' },
    { role: 'assistant', text: 'Hello Ada.' },
  ] as const;
  const { provider, session } = await open({ conversation: { history } });
  session.sendText('Who am I?');
  await provider.until(() => provider.conversation.items.length === 4);
  assert.deepEqual(
    provider.of('conversation.item.create').map(({ item }) => item.type === 'message' && item.content),
    [
      [{ type: 'input_text', text: 'My name is Ada.' }],
      [{ type: 'output_text', text: 'Hello Ada.' }],
      [{ type: 'input_text', text: 'Who am I?' }],
    ],
  );
  assert.deepEqual(provider.refusals, []);
});

// Being interrupted

test('a cancelled answer is stopped once and cut once, and nothing of it is heard after', async () => {
  const { session, sink, provider } = await open({
    answer: () => [say('On and on', { ms: 5000, everyMs: 1 })],
    lateMs: 300,
  });
  session.sendText('Speak');
  const { turnId } = await sink.until('audio', 3);
  const heardPieces = sink.of('audio').length;
  session.cancel(turnId, { ms: 123.7, text: 'On' });
  session.cancel(turnId, { ms: 10, text: '' });
  await sink.until('turn_ended');
  assert.equal(sink.of('audio').length, heardPieces);
  assert.equal(provider.of('response.cancel').length, 1);
  await provider.until(() => provider.of('conversation.item.truncate').length > 0);
  assert.deepEqual(
    provider.of('conversation.item.truncate').map(({ audio_end_ms }) => audio_end_ms),
    [123],
  );
  assert.deepEqual(provider.refusals, []);
  assert.deepEqual(sink.of('turn_ended')[0]?.error, undefined);
});

test('an answer that is complete is cut, and not cancelled', async () => {
  const { session, sink, provider } = await open({ answer: () => [say('Done', { ms: 900 })] });
  session.sendText('Speak');
  const { turnId } = await sink.until('turn_ended');
  session.cancel(turnId, { ms: 400, text: 'Do' });
  await provider.until(() => provider.of('conversation.item.truncate').length === 1);
  assert.deepEqual(provider.of('response.cancel'), []);
  assert.equal(provider.conversation.last?.truncatedAtMs, 400);
});

test('an answer cancelled before its first sound is forgotten when its sound comes', async () => {
  const { session, sink, provider } = await open({
    answer: () => [wait(30), say('Too late', { ms: 300 })],
    lateMs: 200,
  });
  session.sendText('Speak');
  const { turnId } = await sink.until('turn_started');
  session.cancel(turnId, { ms: 0, text: '' });
  await sink.until('turn_ended');
  assert.deepEqual(sink.of('audio'), []);
  for (const { audio_end_ms } of provider.of('conversation.item.truncate')) assert.equal(audio_end_ms, 0);
  assert.deepEqual(provider.refusals, []);
});

test('speech over an answer: the server stops it, we only say what was heard', async () => {
  const { session, sink, provider } = await open({ answer: () => [say('Long', { ms: 4000, everyMs: 5 })] });
  session.sendText('Speak');
  const { turnId } = await sink.until('audio', 4);
  provider.speechStarted(100);
  await sink.until('user_speaking');
  session.cancel(turnId, { ms: 250, text: '' });
  await sink.until('turn_ended');
  await provider.until(() => provider.of('conversation.item.truncate').length === 1);
  assert.deepEqual(provider.of('response.cancel'), []);
  assert.deepEqual(provider.refusals, []);
});

test('what is typed during an answer is answered as soon as the one before has ended', async () => {
  const { session, sink, provider } = await open({
    answer: ({ text, index }) => [say(text, index === 0 ? { ms: 9000, everyMs: 10 } : { ms: 100 })],
  });
  session.sendText('one');
  const first = await sink.until('audio');
  session.cancel(first.turnId, { ms: 0, text: '' });
  session.sendText('two');
  const { turnId, text } = await sink.until('turn_ended', 2);
  assert.notEqual(turnId, first.turnId);
  assert.equal(text, 'two');
  assert.deepEqual(provider.refusals, []);
});

test('three texts in a row: only the last is answered, and the server is never asked twice at once', async () => {
  const { session, sink, provider } = await open({
    answer: ({ text }) => [wait(20), say(text, { ms: 100 })],
  });
  for (const text of ['one', 'two', 'three']) session.sendText(text);
  await sink.until('turn_ended');
  assert.deepEqual(
    sink.of('text').map(({ text }) => text),
    ['three'],
  );
  assert.equal(sink.of('turn_started').length, 1, 'of the answer that nobody wants nothing is told');
  assert.deepEqual(rolesOf(provider).slice(0, 3), ['user', 'user', 'user']);
  assert.deepEqual(provider.refusals, []);
});

test('when speech and typing cross, both are answered, one after the other', async () => {
  const { session, sink, provider } = await open({
    answer: ({ text }) => [wait(20), say(text, { ms: 100 })],
  });
  provider.speechStopped('spoken', 500);
  session.sendText('typed');
  await sink.until('turn_ended', 2);
  assert.deepEqual(
    sink.of('text').map(({ text }) => text.trim()),
    ['spoken', 'typed'],
  );
  assert.deepEqual(provider.refusals, ['conversation_already_has_active_response']);
});

// The user's sound

test('a microphone that closes in the middle of a word is still answered', async () => {
  const { session, sink, provider } = await open({ transcribe: () => 'Yes' });
  session.sendAudio(tone({ hz: 200, sampleRate: RATE, seconds: 0.6 }));
  session.endAudio();
  assert.equal((await sink.until('user_text')).text, 'Yes');
  await sink.until('turn_ended');
  assert.deepEqual(provider.refusals, []);
});

test('a microphone that was open in a silent room asks nothing, and one that sent nothing sends no silence', async () => {
  const { session, sink, provider } = await open();
  session.endAudio();
  session.sendAudio(new Int16Array(RATE / 10));
  session.endAudio();
  session.endAudio();
  session.sendText('And now?');
  await sink.until('turn_ended');
  assert.equal(provider.conversation.items.length, 2);
  const ms = provider
    .of('input_audio_buffer.append')
    .reduce((sum, { audio }) => sum + Buffer.byteLength(audio, 'base64') / 48, 0);
  assert.equal(ms, 100 + 4500);
});

// Tools

const TOOLS = [{ name: 'wave', description: '', parameters: { type: 'object', properties: {} } }];

test('the model goes on once all calls of an answer are answered, and not before it has ended', async () => {
  const { session, sink, provider } = await open({
    conversation: { tools: TOOLS },
    answer: ({ kind }) =>
      kind === 'tool'
        ? [say('Done', { ms: 100 })]
        : [callTool('wave', { hand: 1 }, 'a'), callTool('wave', {}, 'b'), wait(20)],
  });
  session.sendText('Wave');
  const first = await sink.until('tool_call', 1);
  assert.deepEqual(first.args, { hand: 1 });
  session.sendToolResult?.('a', { ok: true });
  await sink.until('turn_ended');
  assert.equal(provider.of('response.create').length, 1);
  session.sendToolResult?.('b', undefined);
  session.sendToolResult?.('b', 'again');
  assert.equal((await sink.until('turn_ended', 2)).text, 'Done');
  const outputs = provider.of('conversation.item.create').map(({ item }) => 'output' in item && item.output);
  assert.deepEqual(outputs, [false, '{"ok":true}', 'null']);
  assert.equal(provider.of('response.create').length, 2);
  assert.deepEqual(provider.refusals, []);
});

test('tools of an answer that was cut off are answered, but the model is not asked to go on', async () => {
  const { session, sink, provider } = await open({
    conversation: { tools: TOOLS },
    answer: ({ text }) =>
      text === 'Wave' ? [callTool('wave', {}, 'a'), say('On', { ms: 9000, everyMs: 5 })] : [say(text)],
  });
  session.sendText('Wave');
  const { turnId } = await sink.until('audio');
  session.cancel(turnId, { ms: 10, text: '' });
  await sink.until('turn_ended');
  session.sendToolResult?.('a', 1);
  await provider.until(() => provider.of('conversation.item.create').length === 2);
  assert.equal(provider.of('response.create').length, 1);
  assert.deepEqual(provider.refusals, []);
});

// Pictures

test('a WebP picture is refused to the user, as the API takes none; JPEG is shown', async () => {
  const { session, sink, provider } = await open();
  session.sendImage?.({ mimeType: 'image/webp', bytes: Uint8Array.of(1) });
  assert.equal((await sink.until('fault')).error.code, 'agent_cannot_see');
  session.sendImage?.({ mimeType: 'image/jpeg', bytes: Uint8Array.of(1, 2, 3) });
  await provider.until(() => provider.conversation.items.length === 1);
  assert.deepEqual(provider.refusals, []);
});

// Bad days

for (const [status, code] of [
  ['failed', 'rate_limit_exceeded'],
  ['failed', 'server_error'],
  ['incomplete', 'max_output_tokens'],
] as const) {
  test(`an answer that ends ${status} (${code}) ends its turn with an error; the next one is fine`, async () => {
    const { session, sink } = await open({
      answer: ({ index }) =>
        index === 0 ? [say('Half', { ms: 100 }), endWith(status, code)] : [say('Whole')],
    });
    session.sendText('one');
    assert.equal((await sink.until('turn_ended')).error?.code, 'agent_failed');
    session.sendText('two');
    assert.equal((await sink.until('turn_ended', 2)).error, undefined);
    assert.deepEqual(sink.of('lost'), []);
  });
}

test('garbage, unknown events, stray and broken sound in an answer leave the rest of it whole', async () => {
  const { session, sink, provider } = await open({
    answer: () => [
      sendRaw('{"type": broken'),
      sendRaw('[1,2,3]'),
      sendRaw({ no: 'type' }),
      sendRaw({ type: 'response.mind_read', thoughts: [] }),
      sendAudio({ response_id: undefined, delta: 'AAA=' }),
      say('Whole', { ms: 500 }),
      sendAudio({ delta: '#garbled#' }),
      sendAudio({ delta: 5 }),
      sendError('invalid_request_error', 'invalid_value'),
    ],
  });
  session.sendText('Speak');
  const { turnId, error } = await sink.until('turn_ended');
  assert.equal(error, undefined);
  assert.equal(sink.sound(turnId).length, 0.5 * RATE);
  assert.deepEqual(sink.of('lost'), []);
  assert.ok(provider.isOpen);
});

test('an error of the server’s is told to the user, and the conversation goes on', async () => {
  const { session, sink } = await open({
    answer: ({ index }) => (index === 0 ? [sendError('server_error', 'server_error')] : [say('Fine')]),
  });
  session.sendText('one');
  assert.equal((await sink.until('fault')).error.code, 'agent_failed');
  session.sendText('two');
  await sink.until('audio');
  assert.deepEqual(sink.of('lost'), []);
});

test('a minute of sound in one event is taken as it is', async () => {
  const { session, sink } = await open({ answer: () => [say('Much', { ms: 60_000, deltaMs: 60_000 })] });
  session.sendText('Speak');
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.sound(turnId).length, 60 * RATE);
});

test('two answers at once keep their own sound', async () => {
  const { session, sink, provider } = await open({ answer: () => [say('one', { ms: 300, everyMs: 5 })] });
  session.sendText('Speak');
  await sink.until('audio');
  provider.respondAnyway([say('two', { ms: 500, everyMs: 5 })]);
  await sink.until('turn_ended', 2);
  const lengths = sink.of('turn_started').map(({ turnId }) => sink.sound(turnId).length / RATE);
  assert.deepEqual(lengths, [0.3, 0.5]);
});

test('while all sound that may be held is held, no more is read; then the rest comes whole', async () => {
  const { session, sink, provider } = await open({
    answer: () => [say('Much', { ms: 600_000, deltaMs: 1000 })],
  });
  sink.hold();
  session.sendText('Speak');
  await eventually('the network is full', () => provider.unreadBytes > 1_000_000 && !provider.answering);
  assert.ok(sink.of('audio').length < 500, `${sink.of('audio').length} s were read`);
  sink.release();
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.sound(turnId).length, 600 * RATE);
});

test('what is logged of a bad day holds no key and no word of the conversation', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const { session, sink } = await open({
    log,
    conversation: { instructions: 'Secret instructions.' },
    answer: () => [
      sendRaw('{"secret": broken'),
      sendRaw({ type: 'response.new_kind', text: 'A secret.' }),
      sendError('invalid_request_error', 'invalid_value', 'The secret sk-test was wrong.'),
      say('A secret.', { ms: 100 }),
      endWith('failed', 'rate_limit_exceeded'),
    ],
  });
  session.sendText('A secret.');
  await sink.until('turn_ended');
  assert.ok(lines.length >= 4, 'there is something to be seen');
  assert.doesNotMatch(lines.join('').toLowerCase(), /secret|sk-test/);
});
