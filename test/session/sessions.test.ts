import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingPcm, house, speak } from '../support/session.ts';

const VISITOR = { requestId: 'r', origin: undefined, address: '127.0.0.1' };

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

test('an origin or an address that has its share is refused with a code of its own, and 1013', () => {
  const { sessions, socket } = house(10, { headcount: { all: 10, perOrigin: 2, perAddress: 3 } });
  const come = (origin: string | undefined, address: string) => {
    const transport = socket();
    const session = sessions.admit(transport, { requestId: 'r', origin, address });
    return { session, code: transport.of('error')[0]?.['code'], closed: transport.closedWith?.code };
  };
  come('https://a.example', '192.0.2.1');
  const second = come('https://a.example', '192.0.2.2');
  const { code, closed } = come('https://a.example', '192.0.2.3');
  assert.deepEqual([code, closed], ['too_many_of_origin', 1013]);
  come('https://b.example', '192.0.2.1');
  come(undefined, '192.0.2.1');
  assert.equal(come('https://c.example', '192.0.2.1').code, 'too_many_of_address');
  assert.ok(second.session);
  void sessions.end(second.session);
  assert.equal(come('https://a.example', '192.0.2.4').code, undefined, 'there is room again');
});

test('readiness tells draining before overloaded before full, and newcomers get that as their reason', async () => {
  let overloaded = false;
  const { sessions, socket, clock } = house(1, { overloaded: () => overloaded });
  const refusal = () => {
    const transport = socket();
    sessions.admit(transport, VISITOR);
    return transport.of('error')[0]?.['code'];
  };
  assert.equal(sessions.readiness, 'ready');
  const first = socket();
  sessions.admit(first, VISITOR);
  assert.equal(sessions.readiness, 'full');
  assert.equal(refusal(), 'too_many_sessions');
  overloaded = true;
  assert.equal(sessions.readiness, 'overloaded');
  assert.equal(refusal(), 'overloaded');
  assert.equal(first.closedWith, undefined, 'who is in stays');
  void sessions.drain(0);
  assert.equal(sessions.readiness, 'draining');
  assert.equal(refusal(), 'draining');
  await clock.advance(0);
});

test('a thousand idle sessions end in batches, so that a speaking one goes on', async () => {
  const { clock, agent, sessions, socket } = house(2000);
  const idle = Array.from({ length: 1000 }, socket);
  for (const transport of idle) sessions.admit(transport, VISITOR);
  const speaking = socket();
  sessions.admit(speaking, VISITOR);
  await clock.advance(0);
  const voice = agent.sessions.at(-1);
  assert.ok(voice);
  speak(voice, 'a', countingPcm(48_000));
  voice.emit({ type: 'turn_ended', turnId: 'a' });

  const drained = sessions.drain(10_000);
  const closed = () => idle.filter(({ closedWith }) => closedWith?.code === 1001).length;
  assert.ok(closed() <= 100);
  await clock.advance(250);
  assert.equal(closed(), 1000);
  await clock.advance(3000);
  await drained;
  assert.deepEqual(speaking.sound(), countingPcm(48_000));
});

test('a session that cannot even begin leaves no place taken', () => {
  const { sessions, socket } = house(1);
  const broken = socket();
  broken.send = () => {
    throw new Error('sentinel');
  };
  assert.throws(() => sessions.admit(broken, VISITOR), /sentinel/);
  assert.ok(sessions.admit(socket(), VISITOR));
});
