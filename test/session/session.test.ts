import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AgentError } from '../../src/errors.ts';
import { countingPcm, speak, startSession } from '../support/session.ts';

const pcmMessage = (pcm: Int16Array) => ({
  type: 'audio',
  data: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
});

test('config comes first, with the rates of both directions', async () => {
  const { transport } = await startSession({ outputRate: 16_000 });
  assert.deepEqual(transport.sent[0]?.message, {
    type: 'config',
    audio: { inputSampleRate: 24_000, outputSampleRate: 16_000 },
  });
});

test('text typed into the widget is echoed; text sent by its API is not', async () => {
  const { transport, voice, say } = await startSession();
  say({ type: 'text', data: 'typed' });
  say({ type: 'text', data: 'sent', userId: 'user_1', timestamp: 1 });
  const echoes = transport.of('transcript_done');
  assert.equal(echoes.length, 1);
  assert.equal(echoes[0]?.['text'], 'typed');
  assert.equal(echoes[0]?.['role'], 'user');
  assert.deepEqual(
    voice.calls.map((call) => call.method === 'sendText' && call.text),
    ['typed', 'sent'],
  );
});

test('a ping is answered by a pong', async () => {
  const { transport, say } = await startSession();
  say({ type: 'ping', timestamp: 123 });
  assert.equal(transport.of('pong').length, 1);
});

test('what the user said goes out once, as a whole', async () => {
  const { transport, voice } = await startSession();
  voice.emit({ type: 'user_text', text: 'he', final: false });
  voice.emit({ type: 'user_text', text: 'hello', final: true, itemId: 'item_1' });
  const [said] = transport.of('transcript_done');
  assert.equal(transport.of('transcript_done').length, 1);
  assert.deepEqual([said?.['text'], said?.['role'], said?.['itemId']], ['hello', 'user', 'item_1']);
  assert.deepEqual(transport.of('transcript_delta'), []);
});

test('microphone sound reaches the agent sample for sample, as JSON and as binary', async () => {
  const { voice, say, session } = await startSession();
  say({ type: 'audio_stream_start', userId: 'u', sampleRate: 24_000 });
  say(pcmMessage(countingPcm(2400)));
  session.receive(Buffer.from(countingPcm(2400, 2400).buffer), true);
  say({ type: 'audio_stream_end' });
  const heard = voice.calls.flatMap((call) => (call.method === 'sendAudio' ? [...call.pcm] : []));
  assert.deepEqual(Int16Array.from(heard), countingPcm(4800));
  assert.equal(voice.calls.at(-1)?.method, 'endAudio');
});

test('a microphone of another rate is resampled to the agent’s, without losing a sample', async () => {
  const { voice, say } = await startSession({ script: { inputRate: 16_000 } });
  say({ type: 'audio_stream_start', sampleRate: 48_000 });
  for (let piece = 0; piece < 10; piece += 1) say(pcmMessage(countingPcm(4800, piece * 4800)));
  say({ type: 'audio_stream_end' });
  const samples = voice.calls.reduce(
    (sum, call) => sum + (call.method === 'sendAudio' ? call.pcm.length : 0),
    0,
  );
  assert.equal(samples, 16_000);
});

test('sound without a start starts the microphone', async () => {
  const { voice, say, transport } = await startSession();
  say(pcmMessage(countingPcm(2400)));
  assert.equal(voice.calls.filter((call) => call.method === 'sendAudio').length, 1);
  assert.deepEqual(transport.of('error'), []);
});

test('anything a client sends is answered or obeyed, and the session lives on', async () => {
  const bad: readonly (readonly [code: string, bytes: Buffer, binary?: boolean])[] = [
    ['not_json', Buffer.from('{')],
    ['not_json', Buffer.from([0xff, 0xfe, 0x00])],
    ['invalid_message', Buffer.from('[]')],
    ['invalid_message', Buffer.from('null')],
    ['invalid_message', Buffer.from(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
    ['unknown_type', Buffer.from('{"type":"teleport"}')],
    ['unknown_type', Buffer.from('{"type":"__proto__"}')],
    ['invalid_message', Buffer.from('{"type":"text"}')],
    ['invalid_message', Buffer.from('{"type":"audio_stream_start","sampleRate":12345}')],
    ['invalid_audio', Buffer.from('{"type":"audio","data":"!!!!AAA*A="}')],
    ['invalid_audio', Buffer.from('{"type":"audio","data":"AAAA"}')],
    ['invalid_audio', Buffer.from([1, 2, 3]), true],
    ['message_too_large', Buffer.alloc(64 * 1024, 0x20)],
    ['message_too_large', Buffer.alloc(64 * 1024), true],
  ];
  const { transport, session, say } = await startSession();
  for (const [, bytes, binary] of bad) session.receive(bytes, binary ?? false);
  assert.deepEqual(
    transport.of('error').map((error) => error['code']),
    bad.map(([code]) => code),
  );
  say({ type: 'ping' });
  assert.equal(transport.of('pong').length, 1);
  assert.equal(transport.closedWith, undefined);
});

test('any bytes at all leave the session alive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
      fc.boolean(),
      async (all, binary) => {
        const { transport, session, say, clock } = await startSession();
        for (const bytes of all) session.receive(Buffer.from(bytes), binary);
        await clock.advance(10_000);
        say({ type: 'ping' });
        assert.equal(transport.of('pong').length, 1);
        await session.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('a flood is refused with the time to wait, the client is told once a second, and it passes', async () => {
  const { transport, say, clock } = await startSession();
  for (let count = 0; count < 5000; count += 1) say({ type: 'ping' });
  assert.equal(transport.of('pong').length, 30);
  const [told] = transport.of('error');
  assert.equal(transport.of('error').length, 1);
  assert.equal(told?.['code'], 'rate_limited');
  assert.equal(told?.['retryAfterMs'], 200);
  await clock.advance(200);
  say({ type: 'ping' });
  assert.equal(transport.of('pong').length, 31);
});

test('sound at real time passes for ever; at four times real time it is refused', async () => {
  const { transport, clock, session, voice } = await startSession();
  const chunk = Buffer.from(countingPcm(2400).buffer);
  for (let count = 0; count < 600; count += 1) {
    session.receive(chunk, true);
    await clock.advance(100);
  }
  assert.deepEqual(transport.of('error'), []);
  assert.equal(voice.calls.length, 600);
  for (let count = 0; count < 200; count += 1) {
    session.receive(chunk, true);
    await clock.advance(25);
  }
  assert.equal(transport.of('error')[0]?.['code'], 'rate_limited');
});

test('a message with more sound than a burst passes once a burst would', async () => {
  const { transport, clock, session, say, voice } = await startSession();
  say({ type: 'audio_stream_start', sampleRate: 8000 });
  const message = Buffer.from(countingPcm(32_760).buffer); // 4.095 s
  for (let count = 0; count < 3; count += 1) {
    session.receive(message, true);
    const refusals = transport.of('error').length;
    session.receive(message, true);
    const [told] = transport.of('error').slice(refusals);
    assert.equal(told?.['code'], 'rate_limited');
    assert.equal(voice.calls.length, count + 1);
    await clock.advance(Number(told?.['retryAfterMs']));
  }
});

test('an agent that is lost plays out what it said, is reopened, and the socket stays', async () => {
  const { clock, transport, agent, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  voice.lose();
  say({ type: 'text', data: 'while it is away' });
  await clock.advance(3000);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_lost');
  assert.equal(agent.sessions.length, 2);
  assert.deepEqual(voice.calls.at(-1), { method: 'close' });
  assert.deepEqual(agent.sessions[1]?.calls, [{ method: 'sendText', text: 'while it is away' }]);
  assert.equal(transport.closedWith, undefined);
});

test('what a lost agent had said is played to the end', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  voice.lose();
  await clock.advance(3000);
  assert.deepEqual(transport.sound(), countingPcm(24_000));
  assert.equal(transport.outline.at(-1), 'Listening');
});

test('an agent that cannot be opened is tried again with growing pauses; the client is told once', async () => {
  let attempts = 0;
  const { clock, transport } = await startSession({
    script: {
      onOpen: () => {
        attempts += 1;
        throw new AgentError('agent_unavailable', 'down', { retryable: true });
      },
    },
  });
  await clock.advance(3_600_000);
  assert.ok(attempts >= 119 && attempts <= 130, `${attempts} attempts in an hour`);
  assert.equal(transport.of('error').length, 1);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_unavailable');
  assert.equal(transport.closedWith, undefined);
});

test('an agent that refuses for good is not tried again, and text is answered with the error', async () => {
  let attempts = 0;
  const { clock, transport, say } = await startSession({
    script: {
      onOpen: () => {
        attempts += 1;
        throw new AgentError('agent_unavailable', 'wrong key', { retryable: false });
      },
    },
  });
  await clock.advance(60_000);
  assert.equal(attempts, 1);
  say({ type: 'text', data: 'hello' });
  assert.equal(transport.of('error').length, 2);
});

test('while the agent is opening, text waits and the newest two seconds of sound are kept', async () => {
  const opening = Promise.withResolvers<void>();
  const { clock, agent, say, session } = await startSession({ script: { onOpen: () => opening.promise } });
  say({ type: 'text', data: 'first' });
  for (let piece = 0; piece < 30; piece += 1) {
    session.receive(Buffer.from(countingPcm(2400, piece * 2400).buffer), true);
    await clock.advance(100);
  }
  opening.resolve();
  await clock.advance(0);
  const [text, sound] = agent.sessions[0]?.calls ?? [];
  assert.deepEqual(text, { method: 'sendText', text: 'first' });
  assert.ok(sound?.method === 'sendAudio');
  assert.deepEqual(sound.pcm, countingPcm(48_000, 24_000));
});

test('a microphone that was closed while the agent was opening is closed for it, too', async () => {
  const opening = Promise.withResolvers<void>();
  const { clock, agent, say, session } = await startSession({ script: { onOpen: () => opening.promise } });
  session.receive(Buffer.from(countingPcm(2400).buffer), true);
  say({ type: 'audio_stream_end' });
  opening.resolve();
  await clock.advance(0);
  assert.deepEqual(
    agent.sessions[0]?.calls.map(({ method }) => method),
    ['sendAudio', 'endAudio'],
  );
});

test('a slow agent is held back while five minutes of its sound wait', async () => {
  const { clock, voice } = await startSession();
  const minute = countingPcm(24_000 * 60);
  voice.emit({ type: 'turn_started', turnId: 'a' });
  for (let count = 0; count < 6; count += 1) voice.emit({ type: 'audio', turnId: 'a', pcm: minute });
  let ready = false;
  void voice.options.sink.ready(voice.options.signal).then(() => {
    ready = true;
  });
  await clock.advance(50_000);
  assert.equal(ready, false);
  await clock.advance(12_000);
  assert.equal(ready, true);
});

test('an agent that ignores being held back is cut off at ten minutes of held sound', async () => {
  const { clock, voice, transport } = await startSession();
  const minute = countingPcm(24_000 * 60);
  for (let count = 0; count < 12; count += 1) voice.emit({ type: 'audio', turnId: 'a', pcm: minute });
  await clock.advance(100);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_overflow');
});

test('closing leaves no timer, no turn and no agent behind, at whatever moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3000 }), fc.boolean(), async (afterMs, ended) => {
      const { clock, voice, session, transport } = await startSession();
      speak(voice, 'a', countingPcm(24_000));
      if (ended) voice.emit({ type: 'turn_ended', turnId: 'a' });
      await clock.advance(afterMs);
      const closing = session.close();
      await clock.advance(0);
      await closing;
      const sent = transport.sent.length;
      voice.emit({ type: 'audio', turnId: 'b', pcm: countingPcm(4800) });
      session.receive(Buffer.from('{"type":"ping"}'), false);
      await clock.advance(5000);
      assert.equal(transport.sent.length, sent);
      assert.equal(clock.pendingTimers, 0);
      assert.equal(voice.calls.at(-1)?.method, 'close');
    }),
    { numRuns: 30 },
  );
});

test('a client that leaves a megabyte unread is cut off', async () => {
  const { transport, say } = await startSession();
  transport.bufferedBytes = 2 * 1024 * 1024;
  say({ type: 'ping' });
  assert.equal(transport.closedWith?.code, 4408);
});

test('a fault of our own ends only this session, and tells nothing private', async () => {
  const { transport, voice } = await startSession();
  const poison = { type: 'audio', turnId: 'a', pcm: undefined } as unknown as Parameters<
    typeof voice.emit
  >[0];
  voice.emit(poison);
  assert.equal(transport.of('error')[0]?.['code'], 'internal');
  assert.doesNotMatch(String(transport.of('error')[0]?.['message']), /undefined|length/);
  assert.equal(transport.closedWith?.code, 1011);
});

test('an agent that never opens does not hold up the end of a session', async () => {
  const { session, clock } = await startSession({
    script: { onOpen: () => new Promise<void>(() => undefined) },
  });
  await session.close();
  assert.equal(clock.pendingTimers, 0);
});

test('an agent that begins answers without end takes no more than a bounded room', async () => {
  const { voice, clock, transport } = await startSession();
  for (let count = 0; count < 10_000; count += 1) voice.emit({ type: 'turn_started', turnId: `t${count}` });
  speak(voice, 'last', countingPcm(4800));
  voice.emit({ type: 'turn_ended', turnId: 'last' });
  await clock.advance(1000);
  assert.equal(transport.of('audio_end').length, 1);
  voice.emit({ type: 'user_speaking' });
  const cancelled = voice.calls.filter((call) => call.method === 'cancel').length;
  assert.ok(cancelled < 40, `${cancelled} answers were still open`);
});

test('a question that broke with the connection is asked again, once, and is not told as history', async () => {
  const { clock, agent, voice, say, transport } = await startSession();
  say({ type: 'text', data: 'Are you there?' });
  voice.lose();
  await clock.advance(2000);
  const again = agent.sessions[1];
  assert.deepEqual(again?.calls, [{ method: 'sendText', text: 'Are you there?' }]);
  assert.deepEqual(again.options.history, []);
  speak(again, 'b', countingPcm(4800));
  again.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(2000);
  again.lose();
  await clock.advance(2000);
  assert.deepEqual(agent.sessions[2]?.calls, [], 'it was answered');
  assert.equal(transport.of('audio_end').length, 1);
});

test('while the agent is away the newest 20 texts wait for it, and no more', async () => {
  const opening = Promise.withResolvers<void>();
  const { agent, clock, say } = await startSession({ script: { onOpen: () => opening.promise } });
  for (let count = 0; count < 25; count += 1) say({ type: 'text', data: `text ${count}` });
  opening.resolve();
  await clock.advance(0);
  const asked = agent.sessions.at(-1)?.calls.flatMap((call) => (call.method === 'sendText' ? call.text : []));
  assert.deepEqual(
    asked,
    Array.from({ length: 20 }, (_, index) => `text ${index + 5}`),
  );
});
