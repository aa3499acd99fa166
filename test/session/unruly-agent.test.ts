import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentError } from '../../src/errors.ts';
import { Transcript } from '../../src/session/transcript.ts';
import { WordCutter } from '../../src/session/words.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { countingPcm, speak, startSession } from '../support/session.ts';

const askPage: Tool = {
  name: 'ask_page',
  description: 'Asks the page.',
  parameters: { type: 'object' },
  run: { where: 'client', answers: true, timeoutMs: 5000 },
};

test('a fault outside of an answer is told to the client, and changes nothing else', async () => {
  const { clock, transport, voice } = await startSession();
  speak(voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  voice.emit({ type: 'fault', error: new AgentError('agent_cannot_see', 'blind') });
  await clock.advance(100);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_cannot_see');
  assert.equal(transport.outline.at(-1), 'sync_frame');
});

test('an agent that goes on sending after an overflow is complained about once', async () => {
  const { transport, voice } = await startSession();
  for (let minute = 0; minute < 15; minute += 1) {
    voice.emit({ type: 'audio', turnId: 'a', pcm: new Int16Array(24_000 * 60) });
  }
  assert.equal(transport.of('error').length, 1);
});

test('an agent’s next connection may give its answers the same names', async () => {
  const started = await startSession();
  const { clock, transport } = started;
  speak(started.voice, 'a', countingPcm(24_000));
  await clock.advance(100);
  started.voice.lose();
  await clock.advance(1000);
  assert.equal(started.agent.sessions.length, 2);
  speak(started.voice, 'a', countingPcm(12_000));
  started.voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(5000);
  assert.equal(transport.sound().length, 36_000);
  assert.equal(transport.of('audio_start').length, 2);
});

test('the avatar does not go on thinking for an agent that is gone', async () => {
  const { clock, transport, voice } = await startSession({ tools: [askPage] });
  voice.emit({ type: 'turn_started', turnId: 'a' });
  voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'ask_page', args: {} });
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(1000);
  assert.equal(transport.outline.at(-1), 'Thinking');
  voice.lose();
  await clock.advance(30_000);
  assert.equal(transport.of('avatar_state').at(-1)?.['state'], 'Listening');
});

test('an agent that throws at a tool’s answer ends its own session, and no other', async () => {
  const { clock, transport, voice } = await startSession({
    script: {
      onToolResult: () => {
        throw new Error('not expected');
      },
    },
  });
  voice.emit({ type: 'tool_call', turnId: 'a', callId: 'c', name: 'trigger_confetti', args: {} });
  await clock.advance(0);
  assert.equal(transport.closedWith?.code, 1011);
});

test('an agent that never closes does not keep its session from ending', async () => {
  const { clock, session, voice } = await startSession();
  voice.close = () => new Promise(() => undefined);
  let ended = false;
  void session.close().then(() => {
    ended = true;
  });
  await clock.advance(2900);
  assert.equal(ended, false);
  await clock.advance(100);
  assert.equal(ended, true);
  assert.equal(clock.pendingTimers, 0);
});

test('white space counts as text, so that there is an end to it', () => {
  const transcript = new Transcript(24_000, 16);
  transcript.addText('   ');
  assert.equal(transcript.length, 3);
  assert.equal(transcript.text, '');
});

test('a text without a space is cut in a time that grows with its length alone', () => {
  const words = new WordCutter();
  const startedAt = performance.now();
  words.push('x'.repeat(2_000_000));
  assert.ok(performance.now() - startedAt < 5000); // what looked for its end from each word took a minute
  assert.ok(words.end().every(({ text }) => text.length <= 120));
});
