import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import type { OpenAgent } from '../../../src/agents/agent.ts';
import { createGeminiAgent } from '../../../src/agents/gemini/gemini-agent.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { AgentError } from '../../../src/errors.ts';
import { silentLogger } from '../../../src/log.ts';
import { FakeGemini, type GeminiScript } from '../../../src/testing/fake-gemini.ts';
import {
  cancelCalls,
  complete,
  cut,
  type GeminiSteps,
  goAway,
  heard,
  pause,
  raw,
  reset,
  sound,
  speech,
  stall,
  toolCall,
  turnComplete,
  words,
} from '../../../src/testing/fake-gemini-steps.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';

let gemini: FakeGemini;
let sink: RecordingSink;
let clock: FakeClock;
let abort: AbortController;

beforeEach(async () => {
  gemini = await FakeGemini.start();
  sink = new RecordingSink();
  clock = new FakeClock();
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await gemini.close();
});

function agentAt(url: string, environment: Record<string, string> = {}) {
  const config = parseConfig({ GEMINI_API_KEY: 'sentinel', GOOGLE_GEMINI_BASE_URL: url, ...environment });
  return createGeminiAgent(config, silentLogger());
}

/** Opens a conversation with the fake behaving as scripted. */
async function open(script: GeminiScript = {}, extra: Partial<OpenAgent> = {}) {
  gemini.script = script;
  return agentAt(gemini.url).open({ ...conversation(sink, abort.signal), clock, ...extra });
}

/** The error of an opening that fails. */
async function failing(script: GeminiScript, extra: Partial<OpenAgent> = {}): Promise<AgentError> {
  const error: unknown = await open(script, extra).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof AgentError, String(error));
  assert.ok(!JSON.stringify([error.message, error.publicMessage]).includes('sentinel'), 'no key in it');
  return error;
}

const played = (steps: GeminiSteps): GeminiScript => ({ onText: () => steps });

test('refusals are retried when that can help, and with the patience the provider asks for', async () => {
  for (const [status, retryable] of [
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ] as const) {
    const error = await failing({ onConnect: () => ({ status, retryAfterS: 7 }) });
    assert.equal(error.code, 'agent_unavailable');
    assert.equal(error.retryable, retryable, `${status}`);
    assert.equal(error.retryAfterMs, 7000);
  }
  assert.equal(clock.pendingTimers, 0);
});

test('a key that the provider finds wrong after the upgrade is not tried again', async () => {
  const error = await failing({ apiKey: 'another' });
  assert.equal(error.retryable, false);
});

test('a setup that is refused is not tried again, but a handle that is refused is', async () => {
  const onSetup = () => ({ code: 1008, reason: 'not found, or not supported' });
  assert.equal((await failing({ onSetup })).retryable, false);
  assert.equal((await failing({ onSetup }, { resumeHandle: 'old' })).retryable, true);
});

test('a connection that breaks, or that nobody listens for, is tried again', async () => {
  assert.equal((await failing({ onConnect: () => 'reset' })).retryable, true);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const opening = agentAt(`http://127.0.0.1:${port}`).open({ ...conversation(sink, abort.signal), clock });
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof AgentError && error.retryable);
});

test('an opening is given up after 10 s, whether the upgrade hangs or the setup, and leaves nothing open', async () => {
  for (const script of [{ onConnect: () => 'hang' as const }, { onSetup: () => 'silent' as const }]) {
    const before = gemini.attempts.length;
    const failed = failing(script);
    await gemini.until(() => gemini.attempts.length > before);
    await clock.advance(9999);
    const early = await Promise.race([failed, Promise.resolve('still waiting')]);
    assert.equal(early, 'still waiting');
    await clock.advance(1);
    assert.equal((await failed).retryable, true);
  }
  await gemini.until(() => gemini.connections[0]?.closedWith !== undefined);
  await clock.advance(1000);
  assert.equal(clock.pendingTimers, 0);
});

test('an opening ends with its signal', async () => {
  gemini.script = { onSetup: () => 'silent' };
  const opening = agentAt(gemini.url).open({ ...conversation(sink, abort.signal), clock });
  await gemini.until(() => gemini.connections[0]?.setup !== undefined);
  abort.abort(new Error('over'));
  await assert.rejects(opening, /over/);
  await gemini.until(() => gemini.connection.closedWith !== undefined);
});

test('closing tells the provider, resolves when it has closed too, and leaves no timer', async () => {
  const session = await open();
  await Promise.all([session.close(), session.close()]);
  await gemini.until(() => gemini.connection.closedWith === 1000);
  session.sendText('too late');
  session.sendAudio(new Int16Array(4));
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(sink.events, []);
});

for (const [how, steps, retryable] of [
  ['is broken', [reset()], true],
  ['is cut after 58 minutes', [cut()], true],
  ['is closed in peace', [cut(1000, '')], true],
  ['is closed because of the key', [cut(1008, 'API key expired. Please renew the API key.')], false],
] as const) {
  test(`a connection that ${how} in the middle of an answer is lost once`, async () => {
    const session = await open(played([heard('Well?'), words('Half'), speech(100), pause(5), ...steps]));
    // The fake's pause is on its own clock.
    session.sendText('go');
    const { error } = await sink.until('lost');
    assert.equal(error.code, 'agent_lost');
    assert.equal(error.retryable, retryable);
    assert.equal(sink.of('audio').length, 1, 'what had come was told');
    await session.close();
    assert.equal(sink.of('lost').length, 1);
    assert.equal(clock.pendingTimers, 0);
  });
}

test('15 s of silence in the middle of an answer are the end of the connection', async () => {
  const session = await open(played([speech(100), stall()]));
  session.sendText('go');
  await sink.until('audio');
  await clock.advance(14_999);
  assert.equal(sink.of('lost').length, 0);
  await clock.advance(1);
  assert.equal((await sink.until('lost')).error.retryable, true);
  await session.close();
});

test('silence is fine between answers, while a tool works, and while a finished answer is played', async () => {
  const session = await open(played([toolCall('c1', 'weather'), stall()]));
  session.sendText('go');
  await sink.until('tool_call');
  await clock.advance(20_000);
  gemini.script = { onToolResponse: () => [speech(100), { do: 'send', message: generated }, stall()] };
  session.sendToolResult?.('c1', 'rain');
  await sink.until('audio');
  await clock.advance(250);
  await sink.until('turn_ended');
  await clock.advance(20_000);
  assert.deepEqual(sink.of('lost'), []);
  await session.close();
});

test('on the machine’s own clock, whose timers come early, a generated answer ends as well', async () => {
  const clock = systemClock();
  gemini.script = played([speech(100), { do: 'send', message: generated }, stall()]);
  const talk = async () => {
    const heard = new RecordingSink();
    const session = await agentAt(gemini.url).open({ ...conversation(heard, abort.signal), clock });
    session.sendText('go');
    await heard.until('turn_ended');
    await session.close();
  };
  await Promise.all(Array.from({ length: 8 }, talk));
});

const generated = { serverContent: { generationComplete: true } };

test('slow pongs are no reason to give up, two minutes without a sign of life are', async () => {
  await gemini.close();
  gemini = await FakeGemini.start({ pongs: false });
  await agentAt(gemini.url).open({ ...conversation(sink, abort.signal), clock });
  await clock.advance(119_000);
  assert.equal(sink.of('lost').length, 0);
  await clock.advance(2000);
  assert.equal((await sink.until('lost')).error.retryable, true);
});

test('a connection asks to be renewed when the provider says so, and before it is 58 minutes old', async () => {
  const session = await open();
  await gemini.connection.play([goAway(50)]);
  await sink.until('expiring');
  // Pongs come in real time: each of the steps is shorter than what is given them.
  for (let minutes = 0; minutes < 55; minutes += 1) {
    await gemini.connection.play([{ do: 'send', message: { usageMetadata: {} } }]);
    await gemini.connection.play([words('.'), turnComplete()]);
    await sink.until('turn_ended', minutes + 1);
    await clock.advance(60_000);
  }
  await sink.until('expiring', 2);
  assert.deepEqual(sink.of('lost'), []);
  await session.close();
});

test('garbage is ignored, and the answer goes on', async () => {
  const session = await open(
    played([
      speech(100),
      raw('{"serverContent":'),
      raw('null'),
      raw('"words"'),
      raw('{"text":"x","data":5}'),
      raw('{"weather":{"rain":true}}'),
      raw('[]'),
      sound(Buffer.from([1, 2, 3])),
      complete(),
    ]),
  );
  session.sendText('go');
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.sound(turnId).length, 2401);
  await session.close();
});

test('a minute of sound in one message arrives whole', async () => {
  const session = await open(played([speech(60_000, { pieceMs: 60_000 }), complete()]));
  session.sendText('go');
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.sound(turnId).length, 60 * 24_000);
  await session.close();
});

test('an interruption is read though as much sound is held as can be', async () => {
  sink.hold();
  const session = await open(
    played([speech(2000), { do: 'send', message: { serverContent: { interrupted: true } } }]),
  );
  session.sendText('go');
  await sink.until('user_speaking');
  await session.close();
});

test('a cancelled call is not answered, another is, with the name it was called by', async () => {
  const session = await open(
    played([toolCall('c1', 'first'), toolCall('c2', 'second'), cancelCalls('c1'), toolCall('c3', 'third')]),
  );
  session.sendText('go');
  await sink.until('tool_call', 3);
  session.sendToolResult?.('c1', { ok: 1 });
  session.sendToolResult?.('c2', { ok: 2 });
  session.sendToolResult?.('c3', 'plain');
  await gemini.until(() => gemini.connection.received.filter((sent) => sent.toolResponse).length === 2);
  const responses = gemini.connection.received.flatMap((sent) => sent.toolResponse?.functionResponses ?? []);
  assert.deepEqual(responses, [
    { id: 'c2', name: 'second', response: { ok: 2 } },
    { id: 'c3', name: 'third', response: { output: 'plain' } },
  ]);
  await session.close();
});

test('what a cancelled answer calls is not done, and the model is told so', async () => {
  const session = await open(played([speech(100)]));
  session.sendText('go');
  const { turnId } = await sink.until('audio');
  session.cancel(turnId, { ms: 0, text: '' });
  await gemini.connection.play([toolCall('c1', 'trigger_confetti')]);
  await gemini.until(() => gemini.connection.received.some((sent) => sent.toolResponse));
  assert.deepEqual(sink.of('tool_call'), []);
  await session.close();
});

test('typed text during an answer ends it on the wire, and its own answer is the next', async () => {
  const session = await open({
    onText: (text) => (text === 'one' ? [speech(100), stall()] : [words('Two.'), speech(100), complete()]),
  });
  session.sendText('one');
  const first = await sink.until('audio');
  session.cancel(first.turnId, { ms: 0, text: '' });
  session.sendText('two');
  await sink.until('turn_ended', 2);
  const [, second] = sink.of('turn_started');
  assert.deepEqual(
    sink.turn(second?.turnId ?? '').map(({ type }) => type),
    ['turn_started', 'text', 'audio', 'turn_ended'],
  );
  await session.close();
});

test("a picture's caption waits for the end of the answer it would interrupt", async () => {
  const session = await open(played([speech(100)]));
  session.sendText('go');
  await sink.until('audio');
  session.sendImage?.({ mimeType: 'image/png', bytes: Uint8Array.of(1), caption: 'a cat' });
  await gemini.until(() => gemini.connection.received.some((sent) => sent.realtimeInput?.video));
  await gemini.connection.play([speech(100), complete()]);
  await gemini.until(() => gemini.connection.conversation?.texts.includes('a cat') === true);
  assert.equal(sink.of('user_speaking').length, 0);
  assert.equal(sink.of('turn_started').length, 1);
  await session.close();
});

test('models from Gemini 3 on are typed to as if it were said', async () => {
  gemini.script = {};
  const agent = agentAt(gemini.url, { GEMINI_MODEL: 'gemini-3.1-flash-live-preview' });
  const session = await agent.open({ ...conversation(sink, abort.signal), clock });
  session.sendText('hello');
  await sink.until('turn_ended');
  assert.deepEqual(gemini.connection.received, [{ realtimeInput: { text: 'hello' } }]);
  await session.close();
});

test('what the user said last is told even if the connection is lost before the answer', async () => {
  const session = await open();
  await gemini.connection.play([heard('Are you '), heard('there?'), cut()]);
  await sink.until('lost');
  assert.deepEqual(
    sink.of('user_text').map(({ text }) => text),
    ['Are you there?'],
  );
  await session.close();
});
