import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../src/face/liveliness/seeded-random.ts';
import type { Session } from '../../src/session/session.ts';
import { countingPcm, house, type RecordingTransport, speak } from '../support/session.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const SESSIONS = 12;
const TURNS = 10_000;

function heapMiB(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

test('ten thousand turns in sessions that come and go, are interrupted, lose their agent and fall behind leave nothing', async () => {
  const { even: random } = seededRandom(1);
  const { clock, agent, sessions, socket } = house(SESSIONS, {
    headcount: { all: SESSIONS, perOrigin: SESSIONS, perAddress: SESSIONS },
    idleMs: 90_000,
    maxAgeMs: 600_000,
  });
  const visitor = { requestId: 'r', origin: 'https://a.example', address: '192.0.2.1' };
  const present: { session: Session; transport: RecordingTransport }[] = [];
  const resources = process.getActiveResourcesInfo().length;

  const come = async () => {
    const transport = socket();
    const session = sessions.admit(transport, visitor);
    assert.ok(session, 'a place is free for each that was left');
    await clock.advance(0);
    present.push({ session, transport });
  };
  const leave = async (index: number) => {
    const [gone] = present.splice(index, 1);
    if (gone === undefined) return;
    const ended = sessions.end(gone.session);
    await clock.advance(0);
    await ended;
    agent.sessions.splice(
      0,
      agent.sessions.length,
      ...agent.sessions.filter(({ options }) => !options.signal.aborted),
    );
  };
  const converse = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) {
      if (present.length < SESSIONS) await come();
      const index = Math.floor(random() * present.length);
      const one = present[index];
      const voice = agent.sessions.findLast(({ options }) => options.sessionId === one?.session.id);
      if (one === undefined || voice === undefined) continue;
      one.transport.heardAtMs = clock.now();
      one.transport.full = random() < 0.1;
      speak(voice, `turn ${turn}`, countingPcm(2400 + Math.floor(random() * 4800)));
      if (random() < 0.8) voice.emit({ type: 'turn_ended', turnId: `turn ${turn}` });
      await clock.advance(random() * 30);
      if (random() < 0.2) voice.emit({ type: 'user_speaking' });
      if (random() < 0.02) voice.lose();
      if (random() < 0.05) await leave(index);
      else if (one.transport.full && random() < 0.5) one.transport.relieve();
      one.transport.sent.length = 0;
      voice.calls.length = 0;
    }
  };

  await converse(TURNS / 4);
  const before = heapMiB();
  await converse((TURNS / 4) * 3);
  const grownMiB = heapMiB() - before;
  while (present.length > 0) await leave(0);
  await clock.advance(0);

  assert.ok(grownMiB < 3, `${grownMiB.toFixed(1)} MiB more`);
  assert.equal(sessions.count, 0);
  assert.equal(sessions.speaking, 0);
  assert.equal(clock.pendingTimers, 0);
  assert.equal(agent.sessions.length, 0, 'every conversation with the agent was closed');
  assert.ok(process.getActiveResourcesInfo().length <= resources);
});
