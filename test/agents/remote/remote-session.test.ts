import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { pino } from 'pino';
import type { AgentSession } from '../../../src/agents/agent.ts';
import { createRemoteAgent } from '../../../src/agents/remote/remote-agent.ts';
import { silentLogger } from '../../../src/log.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { conversation, RecordingSink } from '../../support/recording-sink.ts';
import { type FakeConnection, FakeRemoteAgent, type FromServer, sound } from './fake-remote-agent.ts';

interface Talk {
  readonly sink: RecordingSink;
  readonly clock: FakeClock;
  readonly session: AgentSession;
  /** The agent's side. */
  readonly far: FakeConnection;
}

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A conversation over a real socket, on a fake clock. */
async function talk(log = silentLogger()): Promise<Talk> {
  const end = await FakeRemoteAgent.start();
  endings.push(() => end.stop());
  const sink = new RecordingSink();
  const clock = new FakeClock();
  const agent = createRemoteAgent({ url: end.url, charsPerSecond: 16, log });
  const session = await agent.open({
    ...conversation(sink, new AbortController().signal),
    clock,
    instructions: 'Be kind.',
    history: [{ role: 'user', text: 'Hello.' }],
    tools: [{ name: 'wave', description: 'Waves.', parameters: { type: 'object' } }],
  });
  endings.push(() => session.close());
  const far = await end.connection();
  await eventually('the greeting', () => far.received.length > 0);
  return { sink, clock, session, far };
}

/** Waits for the agent to get a message of this type. */
async function hears(far: FakeConnection, type: string): Promise<FromServer> {
  await eventually(type, () => far.of(type).length > 0);
  return far.of(type)[0] as FromServer; // there is one
}

/** Lets time pass, with the agent's pongs coming in meanwhile: they travel in real time. */
async function pass({ far, clock }: Talk, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5000) {
    await clock.advance(5000);
    const answered = once(far.socket, 'pong');
    far.socket.ping();
    await answered;
  }
}

test('the agent is greeted with all it needs to take up the conversation', async () => {
  const { far } = await talk();
  assert.deepEqual(far.received, [
    {
      type: 'session_start',
      sessionId: 's',
      inputSampleRate: 24_000,
      outputSampleRate: 24_000,
      instructions: 'Be kind.',
      history: [{ role: 'user', text: 'Hello.' }],
      tools: [{ name: 'wave', description: 'Waves.', parameters: { type: 'object' } }],
      offers: ['binary', 'interrupt', 'image', 'tool_call'],
    },
  ]);
});

test('text and sound reach it as the reference sends them, and the microphone’s ends with them', async () => {
  const { far, session } = await talk();
  session.sendText('Hi');
  session.sendAudio(Int16Array.of(1, -2));
  session.sendAudio(Int16Array.of(3));
  session.endAudio();
  await hears(far, 'audio_stream_end');
  assert.deepEqual(far.received.slice(1), [
    { type: 'text', data: 'Hi' },
    { type: 'audio_stream_start', sampleRate: 24_000 },
    { type: 'audio', data: 'AQD+/w==' },
    { type: 'audio', data: 'AwA=' },
    { type: 'audio_stream_end' },
  ]);
});

test('an agent that asks for it gets binary frames at its rate, and may send them', async () => {
  const { far, session, sink } = await talk();
  far.send({ type: 'session_ready', binary: true, inputSampleRate: 8000, outputSampleRate: 48_000 });
  far.send({ type: 'response_start' });
  await sink.until('turn_started');
  session.sendAudio(new Int16Array(2400));
  session.endAudio();
  await hears(far, 'audio_stream_end');
  assert.equal((await hears(far, 'audio_stream_start'))['sampleRate'], 8000);
  assert.equal(Buffer.concat(far.frames).length, 2 * 800);

  far.socket.send(sound(100, 5000, 48_000));
  far.send({ type: 'response_end' });
  const { turnId } = await sink.until('turn_ended');
  assert.equal(sink.sound(turnId).length, 2400);
});

test('without having been asked for, a binary frame is a message like any other', async () => {
  const { far, sink } = await talk();
  far.socket.send(Buffer.from('{"type":"user_transcript","transcript":"I spoke."}'));
  assert.equal((await sink.until('user_text')).text, 'I spoke.');
});

test('an interrupt says what was heard of which answer, by the agent’s own name for it', async () => {
  const { far, session, sink } = await talk();
  far.send({ type: 'response_start', turnId: 'answer 1' });
  far.speak(100);
  const { turnId } = await sink.until('audio');
  session.cancel(turnId, { ms: 70, text: 'Hel' });
  assert.deepEqual(await hears(far, 'interrupt'), {
    type: 'interrupt',
    turnId: 'answer 1',
    playedMs: 70,
    heardText: 'Hel',
  });
});

test('a tool’s answer goes back under the name of its call', async () => {
  const { far, session, sink } = await talk();
  far.send({ type: 'tool_call', callId: 'c1', name: 'wave', arguments: { times: 2 } });
  const { callId, name, args } = await sink.until('tool_call');
  assert.deepEqual({ callId, name, args }, { callId: 'c1', name: 'wave', args: { times: 2 } });
  session.sendToolResult?.(callId, { success: true });
  assert.deepEqual(await hears(far, 'tool_result'), {
    type: 'tool_result',
    callId: 'c1',
    result: { success: true },
  });
});

test('a picture goes to an agent that said it can see; for others it is an error', async () => {
  const { far, session, sink } = await talk();
  session.sendImage?.({ mimeType: 'image/png', bytes: Uint8Array.of(1, 2), caption: 'a dot' });
  assert.equal((await sink.until('fault')).error.code, 'agent_cannot_see');
  far.send({ type: 'session_ready', vision: true });
  far.send({ type: 'interrupted' });
  await sink.until('user_speaking');
  session.sendImage?.({ mimeType: 'image/png', bytes: Uint8Array.of(1, 2), caption: 'a dot' });
  const image = await hears(far, 'image');
  assert.deepEqual(image, { type: 'image', data: 'AQI=', mimeType: 'image/png', caption: 'a dot' });
});

test('what it does not understand is logged once for each kind, without its content', async () => {
  const lines: string[] = [];
  const { far, sink } = await talk(pino({}, { write: (line: string) => lines.push(line) }));
  for (let round = 0; round < 3; round += 1) {
    far.socket.send('sentinel');
    far.send({ type: 'server_event', name: 'sentinel' });
    far.send({ type: 'audio_delta', data: '_sentinel_' });
  }
  far.send({ type: 'user_transcript', transcript: 'still here' });
  await sink.until('user_text');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { kind: string }).kind),
    ['not JSON', 'unknown type server_event', 'audio_delta: data: expected base64'],
  );
  assert.doesNotMatch(lines.join(), /sentinel/);
});

test('while enough sound is held its socket is not read, and then read on', async () => {
  const { far, sink } = await talk();
  sink.hold();
  far.send({ type: 'response_start' });
  const pieces = 300; // of 48 KB, more than the machine's buffers take
  for (let piece = 0; piece < pieces; piece += 1) far.speak(1000);
  await sink.until('audio');
  await eventually('the agent to be kept waiting', () => far.socket.bufferedAmount > 1_000_000);
  const taken = sink.of('audio').length;
  assert.ok(taken < 10, `${taken} pieces taken`);
  sink.release();
  await sink.until('audio', pieces);
});

test('a flood is read at a pace that leaves time for others', async () => {
  const { far, sink, clock } = await talk();
  for (let count = 0; count < 20_000; count += 1) far.send({ type: 'interrupted' });
  await sink.until('user_speaking', 2000);
  await clock.advance(0);
  assert.ok(sink.events.length < 10_000, `${sink.events.length} at once`);
  while (sink.events.length < 20_000) await clock.advance(1000);
});

test('an answer nobody announced ends when the agent falls silent', async () => {
  const { far, sink, clock } = await talk();
  far.speak(100);
  await sink.until('audio');
  await clock.advance(2999);
  assert.deepEqual(sink.of('turn_ended'), []);
  await clock.advance(1);
  const { error } = await sink.until('turn_ended');
  assert.equal(error, undefined);
});

test('an answer that is announced and never comes fails, but not while a tool is at work', async () => {
  const talking = await talk();
  const { far, session, sink } = talking;
  far.send({ type: 'response_start' });
  far.send({ type: 'tool_call', callId: 'c1', name: 'wave' });
  await sink.until('tool_call');
  await pass(talking, 60_000);
  assert.deepEqual(sink.of('turn_ended'), []);
  session.sendToolResult?.('c1', 'done');
  await pass(talking, 30_000);
  assert.equal((await sink.until('turn_ended')).error?.code, 'agent_failed');
});

test('an agent that does not read is given up', async () => {
  const { far, session, sink } = await talk();
  far.socket.pause();
  const second = new Int16Array(24_000);
  for (let count = 0; count < 400 && sink.of('lost').length === 0; count += 1) session.sendAudio(second);
  assert.equal((await sink.until('lost')).error.retryable, true);
});

test('after a close the agent has two seconds to say goodbye', async () => {
  const { far, session, clock } = await talk();
  far.socket.pause();
  const closing = session.close();
  await clock.advance(2000);
  await closing;
  assert.equal(clock.pendingTimers, 0);
});

test('an agent that has died without a word is noticed after half a minute', async () => {
  const { far, sink, clock } = await talk();
  far.socket.pause(); // neither reads nor pongs
  for (let beat = 0; beat < 3; beat += 1) await clock.advance(10_000);
  assert.match((await sink.until('lost')).error.message, /no sign of life/);
  assert.equal(clock.pendingTimers, 0);
});

test('a closed connection is lost, whatever the code', async () => {
  for (const code of [1000, 1008, 1011, 4000]) {
    const { far, sink } = await talk();
    far.socket.close(code);
    const { error } = await sink.until('lost');
    assert.equal(error.code, 'agent_lost');
    assert.equal(error.retryable, true);
  }
});

test('a message too large to be held ends the connection', async () => {
  const { far, sink } = await talk();
  far.send({ type: 'text', data: 'a'.repeat(5 * 1024 * 1024) });
  assert.equal((await sink.until('lost')).error.retryable, true);
});
