import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptedSession } from '../../src/agents/scripted/scripted-agent.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { countingPcm, speak, startSession } from '../support/session.ts';

const PARAMETERS = { type: 'object' as const, properties: {} };

const askPage: Tool = {
  name: 'ask_page',
  description: 'Asks the page.',
  parameters: PARAMETERS,
  run: { where: 'client', answers: true, timeoutMs: 5000 },
};

function call(voice: ScriptedSession, name: string, args: unknown = {}, callId = 'call_1'): void {
  voice.emit({ type: 'turn_started', turnId: 'a' });
  voice.emit({ type: 'tool_call', turnId: 'a', callId, name, args });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
}

function results(voice: ScriptedSession): unknown[] {
  return voice.calls.flatMap((made) => (made.method === 'sendToolResult' ? [made.result] : []));
}

test('the agent is told which tools there are', async () => {
  const { voice } = await startSession();
  assert.deepEqual(
    voice.options.tools.map(({ name }) => name),
    ['trigger_confetti'],
  );
});

test('a tool of the page goes out as trigger_action, and the model is told at once that it worked', async () => {
  const { clock, transport, voice } = await startSession();
  call(voice, 'trigger_confetti', { colour: 'red' });
  await clock.advance(0);
  const [action] = transport.of('trigger_action');
  assert.equal(action?.['function_name'], 'trigger_confetti');
  assert.deepEqual(action?.['arguments'], { colour: 'red' });
  assert.deepEqual(results(voice), [{ success: true }]);
  assert.deepEqual(transport.of('audio_start'), [], 'a tool-only answer opens no turn');
});

test('a tool that asks the page gets the page’s answer', async () => {
  const { clock, transport, voice, say } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  await clock.advance(100);
  assert.deepEqual(results(voice), []);
  say({ type: 'action_result', callId: 'someone_elses', result: 1 });
  say({ type: 'action_result', callId: 'call_1', result: { section: 'prices' } });
  say({ type: 'action_result', callId: 'call_1', result: 'twice' });
  await clock.advance(0);
  assert.deepEqual(results(voice), [{ section: 'prices' }]);
  assert.deepEqual(transport.of('error'), []);
  assert.equal(clock.pendingTimers, 0);
});

test('a page that does not answer is given up, and the model can say so', async () => {
  const { clock, voice } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  await clock.advance(5100);
  assert.deepEqual(results(voice), [{ error: 'the tool did not answer in time' }]);
});

test('while a tool takes long the avatar thinks, and listens again when the answer ended without a word', async () => {
  const { clock, transport, voice, say } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  await clock.advance(1000);
  assert.deepEqual(transport.outline.slice(-2), ['trigger_action', 'Thinking']);
  say({ type: 'action_result', callId: 'call_1', result: 1 });
  await clock.advance(0);
  voice.emit({ type: 'turn_started', turnId: 'b' });
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  assert.equal(transport.outline.at(-1), 'Listening');
});

test('after thinking the avatar responds', async () => {
  const { clock, transport, voice, say } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  await clock.advance(1000);
  say({ type: 'action_result', callId: 'call_1', result: 1 });
  await clock.advance(0);
  speak(voice, 'b', countingPcm(4800));
  voice.emit({ type: 'turn_ended', turnId: 'b' });
  await clock.advance(1000);
  const states = transport.of('avatar_state').map((message) => message['state']);
  assert.deepEqual(states, ['Thinking', 'Responding', 'Listening']);
});

test('a tool that is not there, or one too many, is an answer too', async () => {
  const { clock, voice } = await startSession({ tools: [askPage] });
  call(voice, 'constructor', {}, 'call_of_nothing');
  for (let count = 0; count < 17; count += 1) call(voice, 'ask_page', {}, `call_${count}`);
  await clock.advance(0);
  assert.deepEqual(results(voice), [
    { error: 'there is no tool named constructor' },
    { error: 'too many tools are running' },
  ]);
});

test('the end of the session ends its tools, and nothing is left behind', async () => {
  const { clock, voice, session } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  await clock.advance(100);
  await session.close();
  await clock.advance(10_000);
  assert.deepEqual(results(voice), []);
  assert.equal(clock.pendingTimers, 0);
});

test('a tool that takes long in the middle of an answer does not end the answer', async () => {
  const slow: Tool = { ...askPage, run: { where: 'client', answers: true, timeoutMs: 60_000 } };
  const { clock, transport, voice, say } = await startSession({ tools: [slow] });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'tool_call', turnId: 'a', callId: 'call_1', name: 'ask_page', args: {} });
  await clock.advance(30_000);
  assert.deepEqual(transport.of('error'), []);
  say({ type: 'action_result', callId: 'call_1', result: 1 });
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(24_000, 24_000) });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(5000);
  assert.deepEqual(transport.sound(), countingPcm(48_000));
});

test('an answer has its fifteen seconds to go on from when its tool is done', async () => {
  const slow: Tool = { ...askPage, run: { where: 'client', answers: true, timeoutMs: 60_000 } };
  for (const [goesOnAfterMs, errors] of [
    [10_000, []],
    [17_000, ['agent_failed']],
  ] as const) {
    const { clock, transport, voice, say } = await startSession({ tools: [slow] });
    speak(voice, 'a', countingPcm(24_000));
    voice.emit({ type: 'tool_call', turnId: 'a', callId: 'call_1', name: 'ask_page', args: {} });
    await clock.advance(20_000);
    say({ type: 'action_result', callId: 'call_1', result: 1 });
    await clock.advance(goesOnAfterMs);
    voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(24_000, 24_000) });
    voice.emit({ type: 'turn_ended', turnId: 'a' });
    await clock.advance(5000);
    assert.deepEqual(
      transport.of('error').map((error) => error['code']),
      errors,
    );
    if (errors.length === 0) assert.deepEqual(transport.sound(), countingPcm(48_000));
  }
});

test('an answer that is cut off is not followed by thinking, however soon after its call', async () => {
  const slow: Tool = { ...askPage, run: { where: 'client', answers: true, timeoutMs: 10_000 } };
  for (const afterMs of [0, 100, 390, 500]) {
    for (const spoken of [true, false]) {
      const { clock, transport, voice, say } = await startSession({ tools: [slow] });
      if (spoken) speak(voice, 'a', countingPcm(72_000));
      else voice.emit({ type: 'turn_started', turnId: 'a' });
      voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'ask_page', args: {} });
      await clock.advance(afterMs);
      say({ type: 'interrupt' });
      voice.emit({ type: 'turn_ended', turnId: 'a' });
      await clock.advance(3000);
      const states = () => transport.of('avatar_state').map(({ state }) => state);
      assert.ok(['Listening', undefined].includes(states().at(-1) as string | undefined), `${states()}`);
      say({ type: 'action_result', callId: 'c', result: 1 });
      await clock.advance(60_000);
      assert.ok(['Listening', undefined].includes(states().at(-1) as string | undefined), `${states()}`);
      assert.equal(states().includes('Thinking'), !spoken && afterMs === 500);
    }
  }
});

test('a call that is made twice is one call', async () => {
  const { clock, transport, voice, say } = await startSession({ tools: [askPage] });
  call(voice, 'ask_page');
  call(voice, 'ask_page');
  await clock.advance(10);
  assert.equal(transport.of('trigger_action').length, 1);
  say({ type: 'action_result', callId: 'call_1', result: 1 });
  await clock.advance(10_000);
  assert.deepEqual(results(voice), [1]);
  call(voice, 'ask_page');
  await clock.advance(10);
  assert.equal(transport.of('trigger_action').length, 2, 'the name is free again');
});

test('a call by the name of one that a lost agent made has the page’s answer to itself', async () => {
  const started = await startSession({ tools: [askPage] });
  const { clock, say } = started;
  call(started.voice, 'ask_page');
  await clock.advance(3000);
  started.voice.lose();
  await clock.advance(1500);
  call(started.voice, 'ask_page');
  await clock.advance(3000); // the first call's time is up
  say({ type: 'action_result', callId: 'call_1', result: 2 });
  await clock.advance(0);
  assert.equal(started.agent.sessions.length, 2);
  assert.deepEqual(results(started.voice), [2]);
});
