import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptedSession } from '../../src/agents/scripted/scripted-agent.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { countingPcm, speak, startSession } from '../support/session.ts';

const askPage: Tool = {
  name: 'ask_page',
  description: 'Asks the page.',
  parameters: { type: 'object' },
  run: { where: 'client', answers: true, timeoutMs: 5000 },
};

function cancelled(voice: ScriptedSession): string[] {
  return voice.calls.flatMap((call) => (call.method === 'cancel' ? [call.turnId] : []));
}

test('an answer to a question that was taken back before it began is cut off at once', async () => {
  const { clock, transport, voice, say } = await startSession();
  say({ type: 'text', data: 'Hello?' });
  say({ type: 'interrupt' });
  say({ type: 'interrupt' });
  speak(voice, 'a', countingPcm(24_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(2000);
  assert.deepEqual(transport.of('audio_start'), []);
  assert.deepEqual(cancelled(voice), ['a']);
});

test('what is asked after that, typed or spoken, is answered', async () => {
  for (const asked of ['typed', 'spoken']) {
    const { clock, transport, voice, say } = await startSession();
    say({ type: 'text', data: 'Hello?' });
    say({ type: 'interrupt' });
    if (asked === 'typed') say({ type: 'text', data: 'Something else?' });
    else voice.emit({ type: 'user_speaking' });
    speak(voice, 'b', countingPcm(24_000));
    await clock.advance(500);
    assert.equal(transport.of('audio_start').length, 1, asked);
    assert.deepEqual(cancelled(voice), []);
  }
});

test('an interrupt while nothing is asked cuts off nothing that comes later', async () => {
  const { clock, transport, voice, say } = await startSession();
  say({ type: 'interrupt' });
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(500);
  assert.equal(transport.of('audio_start').length, 1);
});

test('late sound of the answer before does not count as the one that was taken back', async () => {
  const { clock, transport, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  say({ type: 'text', data: 'Hello?' });
  say({ type: 'interrupt' });
  voice.emit({ type: 'audio', turnId: 'a', pcm: countingPcm(2400) });
  speak(voice, 'b', countingPcm(24_000));
  await clock.advance(2000);
  assert.equal(transport.of('audio_start').length, 1);
  assert.deepEqual(cancelled(voice), ['a', 'b']);
});

test('a question taken back while the agent is away is not asked', async () => {
  const started = await startSession();
  started.voice.lose();
  started.say({ type: 'text', data: 'Hello?' });
  started.say({ type: 'interrupt' });
  await started.clock.advance(1000);
  assert.equal(started.agent.sessions.length, 2);
  assert.deepEqual(started.voice.calls, []);
});

test('an answer that a tool still holds up can be taken back, too', async () => {
  const { clock, transport, voice, say } = await startSession({ tools: [askPage] });
  voice.emit({ type: 'turn_started', turnId: 'a' });
  voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'ask_page', args: {} });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(100);
  say({ type: 'interrupt' });
  say({ type: 'action_result', callId: 'c', result: 1 });
  await clock.advance(0);
  speak(voice, 'b', countingPcm(24_000));
  await clock.advance(500);
  assert.deepEqual(transport.of('audio_start'), []);
  assert.deepEqual(cancelled(voice), ['b']);
});

test('a tool that an answer calls after it was cut off does not run; the model is told why', async () => {
  const { clock, transport, voice, say } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  say({ type: 'interrupt' });
  voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'trigger_confetti', args: {} });
  await clock.advance(0);
  assert.deepEqual(transport.of('trigger_action'), []);
  const [told] = voice.calls.filter((call) => call.method === 'sendToolResult');
  assert.deepEqual(told?.result, { error: 'the user has interrupted' });
});

test('after a tool’s answer was taken back, what is said into the microphone next is answered', async () => {
  const asks: Readonly<Record<string, (started: Awaited<ReturnType<typeof startSession>>) => void>> = {
    'the agent hears its end': ({ voice }) => voice.emit({ type: 'user_finished' }),
    'the microphone is opened': ({ say }) => say({ type: 'audio_stream_start' }),
    'the microphone is closed': ({ say }) => say({ type: 'audio_stream_end' }),
  };
  for (const [what, ask] of Object.entries(asks)) {
    const started = await startSession({ tools: [askPage] });
    const { clock, transport, voice, say } = started;
    speak(voice, 'a', countingPcm(24_000));
    voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'ask_page', args: {} });
    await clock.advance(100);
    say({ type: 'interrupt' });
    say({ type: 'action_result', callId: 'c', result: 1 });
    await clock.advance(1000);
    ask(started);
    speak(voice, 'b', countingPcm(24_000));
    await clock.advance(500);
    assert.equal(transport.of('audio_start').length, 2, what);
    assert.deepEqual(cancelled(voice), ['a'], what);
  }
});
