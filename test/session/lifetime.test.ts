import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions } from '../../src/session/sessions.ts';
import { countingPcm, house, speak } from '../support/session.ts';

const VISITOR = { requestId: 'r', origin: undefined, address: '127.0.0.1' };

/** One admitted session with limits. */
async function admitted(limits: { idleMs?: number; maxAgeMs?: number }) {
  const { clock, agent, sessions, socket } = house(10, limits);
  const transport = socket();
  const session = sessions.admit(transport, VISITOR);
  assert.ok(session);
  await clock.advance(0);
  const voice = agent.sessions[0];
  assert.ok(voice && sessions instanceof Sessions);
  return { clock, sessions, session, transport, voice };
}

test('a client that says nothing for 90 s is told, and closed with 4409', async () => {
  const { clock, sessions, session, transport } = await admitted({ idleMs: 90_000 });
  await clock.advance(89_999);
  assert.equal(transport.closedWith?.code, undefined);
  await clock.advance(1);
  assert.equal(transport.of('error')[0]?.['code'], 'session_idle');
  assert.equal(transport.closedWith?.code, 4409);
  await sessions.end(session);
  assert.equal(clock.pendingTimers, 0);
});

test('a client that is heard now and then stays, for hours', async () => {
  const { clock, transport } = await admitted({ idleMs: 90_000 });
  for (let minute = 0; minute < 180; minute += 1) {
    await clock.advance(60_000);
    transport.heardAtMs = clock.now();
  }
  assert.equal(transport.closedWith?.code, undefined);
  assert.equal(clock.pendingTimers, 1);
});

test('who listens to a long answer is not idle: the time counts from its end', async () => {
  const { clock, transport, voice } = await admitted({ idleMs: 5000 });
  await clock.advance(4000);
  speak(voice, 'a', countingPcm(24_000 * 20), 24_000);
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(24_000);
  assert.equal(transport.of('audio_end').length, 1);
  assert.equal(transport.closedWith?.code, undefined);
  await clock.advance(6000);
  assert.equal(transport.closedWith?.code, 4409);
});

test('a session that has reached its age ends with 4410, at once while nobody speaks', async () => {
  const { clock, transport } = await admitted({ maxAgeMs: 3_600_000 });
  await clock.advance(3_600_000);
  assert.equal(transport.of('error')[0]?.['code'], 'session_expired');
  assert.equal(transport.closedWith?.code, 4410);
});

test('an answer that is running then is played to its end first', async () => {
  const { clock, transport, voice } = await admitted({ maxAgeMs: 60_000 });
  await clock.advance(59_000);
  speak(voice, 'a', countingPcm(24_000 * 5));
  voice.emit({ type: 'turn_ended', turnId: 'a' });
  await clock.advance(3000);
  assert.equal(transport.closedWith?.code, undefined);
  await clock.advance(5000);
  assert.deepEqual(transport.sound(), countingPcm(24_000 * 5));
  assert.deepEqual(transport.outline.slice(-4), ['audio_end', 'transcript_done', 'Listening', 'error']);
  assert.equal(transport.closedWith?.code, 4410);
});

test('but not for ever', async () => {
  const { clock, transport, voice } = await admitted({ maxAgeMs: 1000 });
  speak(voice, 'a', countingPcm(24_000 * 200), 24_000);
  await clock.advance(120_000);
  assert.equal(transport.closedWith?.code, undefined);
  await clock.advance(1100);
  assert.equal(transport.closedWith?.code, 4410);
});

test('a session that ends by itself leaves no timer of its limits', async () => {
  const { clock, sessions, session } = await admitted({ idleMs: 90_000, maxAgeMs: 3_600_000 });
  await sessions.end(session);
  assert.equal(clock.pendingTimers, 0);
});
