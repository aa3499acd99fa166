import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool } from '../../src/tools/tool.ts';
import { countingPcm, house, type Started, speak, startSession } from '../support/session.ts';

const askPage: Tool = {
  name: 'ask_page',
  description: 'Asks the page.',
  parameters: { type: 'object' },
  run: { where: 'client', answers: true, timeoutMs: 60_000 },
};

/** A session whose agent has been open for so long that it is reopened without a pause. */
async function established(): Promise<Started> {
  const started = await startSession({ tools: [askPage] });
  await started.clock.advance(60_000);
  return started;
}

function answer({ voice }: Started, turnId: string, ms = 500): void {
  speak(voice, turnId, countingPcm(24 * ms));
  voice.emit({ type: 'turn_ended', turnId });
}

/** The model calls a tool, and says nothing: this response is over. */
function callTool({ voice }: Started): void {
  voice.emit({ type: 'turn_started', turnId: 'calling' });
  voice.emit({ type: 'tool_call', turnId: 'calling', callId: 'c', name: 'ask_page', args: {} });
  voice.emit({ type: 'turn_ended', turnId: 'calling' });
}

/** What keeps an expiring connection until an answer, and what that answer is to. */
const UNDER_WAY: Readonly<Record<string, (started: Started) => void>> = {
  'a question that was typed': ({ say }) => say({ type: 'text', data: 'Hello?' }),
  'a user who speaks': ({ voice }) => voice.emit({ type: 'user_speaking' }),
  'a user who has spoken': ({ voice }) => {
    voice.emit({ type: 'user_speaking' });
    voice.emit({ type: 'user_finished' });
  },
  'a microphone that was closed': ({ say }) => {
    say({ type: 'audio_stream_start' });
    say({ type: 'audio_stream_end' });
  },
  'a tool that runs': callTool,
  'a tool whose result the model has just been told': (started) => {
    callTool(started);
    started.say({ type: 'action_result', callId: 'c', result: 1 });
  },
  'a user who interrupts the answer that was waited for': (started) => {
    speak(started.voice, 'long', countingPcm(240_000));
    started.voice.emit({ type: 'expiring' });
    started.voice.emit({ type: 'user_speaking' });
  },
};

for (const [what, begin] of Object.entries(UNDER_WAY)) {
  test(`an expiring connection is kept for ${what}, until the answer has been heard`, async () => {
    const started = await established();
    const { clock, agent, voice, transport, say } = started;
    begin(started);
    await clock.advance(0);
    voice.emit({ type: 'expiring' });
    await clock.advance(10_000);
    assert.equal(agent.sessions.length, 1);
    say({ type: 'action_result', callId: 'c', result: 1 }); // where a tool still runs
    await clock.advance(0);
    answer(started, 'answer');
    await clock.advance(400);
    assert.equal(agent.sessions.length, 1);
    await clock.advance(5000);
    assert.equal(agent.sessions.length, 2);
    assert.deepEqual(transport.of('error'), []);
  });

  test(`for ${what} without any answer, it is not kept for ever`, async () => {
    const started = await established();
    const { clock, agent, voice } = started;
    begin(started);
    await clock.advance(0);
    voice.emit({ type: 'expiring' });
    await clock.advance(19_000);
    assert.equal(agent.sessions.length, 1);
    await clock.advance(1100);
    assert.equal(agent.sessions.length, 2);
    await started.session.close();
    assert.equal(clock.pendingTimers, 0);
  });
}

test('where nothing is under way, an expiring connection is renewed at once', async () => {
  const started = await established();
  started.say({ type: 'text', data: 'Hello?' });
  answer(started, 'a');
  await started.clock.advance(5000);
  started.voice.emit({ type: 'expiring' });
  await started.clock.advance(0);
  assert.equal(started.agent.sessions.length, 2);
});

test('what the user takes back is not waited for', async () => {
  const { clock, agent, voice, say } = await established();
  say({ type: 'text', data: 'Hello?' });
  voice.emit({ type: 'expiring' });
  await clock.advance(1000);
  say({ type: 'interrupt' });
  await clock.advance(0);
  assert.equal(agent.sessions.length, 2);
});

test('what was asked more than a minute ago is not waited for', async () => {
  const { clock, agent, voice, say } = await established();
  say({ type: 'text', data: 'Hello?' });
  await clock.advance(61_000);
  voice.emit({ type: 'expiring' });
  await clock.advance(0);
  assert.equal(agent.sessions.length, 2);
});

test('draining lets a question have its answer, and does not wait beyond its grace', async () => {
  for (const answered of [true, false]) {
    const { sessions, socket, clock, agent } = house(10);
    const transport = socket();
    const session = sessions.admit(transport, { address: '192.0.2.1', origin: undefined, requestId: 'r' });
    await clock.advance(1000);
    session?.receive(Buffer.from('{"type":"text","data":"Hello?"}'), false);
    const drained = sessions.drain(15_000);
    await clock.advance(10_000);
    assert.equal(transport.closedWith, undefined);
    const [voice] = agent.sessions;
    assert.ok(voice);
    if (answered) {
      speak(voice, 'a', countingPcm(12_000));
      voice.emit({ type: 'turn_ended', turnId: 'a' });
    }
    await clock.advance(4000);
    assert.equal(transport.closedWith !== undefined, answered);
    await clock.advance(1000);
    assert.ok(transport.closedWith);
    assert.equal(transport.of('audio_end').length, answered ? 1 : 0);
    await drained;
  }
});

test('who asks again and again without a pause is not waited for beyond the answer that was under way', async () => {
  const { sessions, socket, clock, agent } = house(10);
  const transport = socket();
  const session = sessions.admit(transport, { address: '192.0.2.1', origin: undefined, requestId: 'r' });
  await clock.advance(1000);
  const [voice] = agent.sessions;
  assert.ok(voice);
  let drained: Promise<void> | undefined;
  for (let question = 0; question < 5; question += 1) {
    session?.receive(Buffer.from('{"type":"text","data":"Hello?"}'), false);
    drained ??= sessions.drain(30_000);
    await clock.advance(300);
    speak(voice, `answer ${question}`, countingPcm(48_000));
    voice.emit({ type: 'turn_ended', turnId: `answer ${question}` });
    while (transport.of('audio_end').length <= question && transport.closedWith === undefined)
      await clock.advance(100);
  }
  assert.equal(transport.of('audio_start').length, 1);
  assert.equal(transport.of('audio_end').length, 1, 'the answer that was under way was whole');
  await drained;
});

test('an agent that is lost before it answered what was said or looked up says so, once', async () => {
  for (const [what, begin] of Object.entries(UNDER_WAY)) {
    if (what === 'a question that was typed') continue; // it is asked again
    const started = await established();
    begin(started);
    await started.clock.advance(0);
    started.voice.lose();
    await started.clock.advance(2000);
    started.voice.lose();
    await started.clock.advance(2000);
    assert.deepEqual(
      started.transport.of('error').map(({ code }) => code),
      ['agent_lost'],
      what,
    );
  }
});

test('a reopened agent is told what the one before is still heard saying', async () => {
  const { clock, agent, voice, say } = await established();
  say({ type: 'text', data: 'Tell me a story.' });
  speak(voice, 'a', countingPcm(24_000 * 20));
  voice.emit({ type: 'text', turnId: 'a', text: 'Once upon a time ' });
  voice.emit({ type: 'text', turnId: 'a', text: 'there was a king. ' });
  await clock.advance(3000);
  voice.lose();
  await clock.advance(2000);
  const story = [
    { role: 'user', text: 'Tell me a story.' },
    { role: 'assistant', text: 'Once upon a time there was a king.' },
  ];
  assert.deepEqual(agent.sessions[1]?.options.history, story);
  await clock.advance(60_000);
  agent.sessions[1]?.lose();
  await clock.advance(2000);
  assert.deepEqual(agent.sessions[2]?.options.history, story, 'once it was heard, it is told once');
});
