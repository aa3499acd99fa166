import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { loudnessAnimator } from '../../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../../src/log.ts';
import { Sessions } from '../../src/session/sessions.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { countingPcm, RecordingTransport, speak } from '../support/session.ts';

const VISITOR = { requestId: 'r', origin: undefined, address: '127.0.0.1' };

function house(maxSessions: number) {
  const clock = new FakeClock();
  const agent = new ScriptedAgent();
  const sessions = new Sessions(
    {
      agent,
      animator: loudnessAnimator(),
      clock,
      log: silentLogger(),
      tools: [],
      instructions: () => '',
      inputRate: 24_000,
      outputRate: 24_000,
      fps: 30,
      leadMs: 400,
      random: () => 0,
    },
    maxSessions,
  );
  return { clock, agent, sessions, socket: () => new RecordingTransport(clock) };
}

test('one session too many is told when to come back, and closed with 1013', async () => {
  const { sessions, socket } = house(1);
  const first = sessions.admit(socket(), VISITOR);
  const refused = socket();
  assert.equal(sessions.admit(refused, VISITOR), undefined);
  assert.deepEqual(refused.outline, ['error']);
  assert.equal(refused.of('error')[0]?.['code'], 'too_many_sessions');
  assert.equal(refused.of('error')[0]?.['retryAfterMs'], 5000);
  assert.equal(refused.closedWith?.code, 1013);
  assert.ok(first);
  await sessions.end(first);
  assert.ok(sessions.admit(socket(), VISITOR), 'there is room again');
});

test('draining ends idle sessions at once, speaking ones after their answer, and admits nobody', async () => {
  const { clock, agent, sessions, socket } = house(10);
  const idle = socket();
  const speaking = socket();
  sessions.admit(idle, VISITOR);
  await clock.advance(0);
  sessions.admit(speaking, VISITOR);
  await clock.advance(0);
  const voice = agent.sessions[1];
  assert.ok(voice);
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(100);
  assert.equal(sessions.speaking, 1);

  const drained = sessions.drain(10_000);
  await clock.advance(100);
  assert.equal(idle.closedWith?.code, 1001);
  assert.equal(speaking.closedWith?.code, undefined);
  const late = socket();
  assert.equal(sessions.admit(late, VISITOR), undefined);
  assert.equal(late.of('error')[0]?.['code'], 'draining');
  await clock.advance(3000);
  await drained;
  assert.equal(speaking.closedWith?.code, 1001);
  assert.deepEqual(speaking.sound(), countingPcm(48_000));
  assert.equal(clock.pendingTimers, 0);
});

test('an answer that does not end is cut when the grace is over', async () => {
  const { clock, agent, sessions, socket } = house(10);
  const transport = socket();
  sessions.admit(transport, VISITOR);
  await clock.advance(0);
  const voice = agent.sessions[0];
  assert.ok(voice);
  speak(voice, 'a', countingPcm(24_000 * 60));
  const drained = sessions.drain(10_000);
  await clock.advance(9_900);
  assert.equal(transport.closedWith?.code, undefined);
  await clock.advance(200);
  await drained;
  assert.equal(transport.closedWith?.code, 1001);
});
