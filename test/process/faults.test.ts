import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import type { FaceAnimator } from '../../src/face/animator.ts';
import { runApp, TestClient } from '../support/client.ts';
import { startServer } from '../support/server-process.ts';
import { countingPcm, speak } from '../support/session.ts';

test('a throw in a handler costs its own session, with 1011, and no other', async (context) => {
  const server = await startServer(context);
  const bystander = await TestClient.connect(server.ws);
  const victim = await TestClient.connect(server.ws);
  bystander.send({ type: 'text', data: 'speak 2' });
  victim.send({ type: 'audio', data: 'AAAAAAAA' });
  assert.equal(await victim.closed(), 1011);
  assert.equal(victim.of('error')[0]?.['code'], 'internal');
  assert.doesNotMatch(JSON.stringify(victim.received), /sentinel/);
  await bystander.until(() => bystander.of('audio_end').length === 1);
  assert.equal(bystander.of('sync_frame').length, 60);
  assert.match(server.output(), /sentinel throw/);
  await bystander.close();
});

test('a rejection in a turn costs its own session, with 1011, and no other', async (context) => {
  let opened = 0;
  // The first turn's face throws where the turn's own loop calls it.
  const animator: FaceAnimator = {
    name: 'faulty',
    fps: 30,
    open: () => {
      opened += 1;
      const isFaulty = opened === 1;
      return {
        push: () => {
          if (isFaulty) throw new Error('sentinel');
        },
        end: () => undefined,
        frames: (async function* () {})(),
      };
    },
    close: () => Promise.resolve(),
  };
  const agent = new ScriptedAgent();
  const { app, ws } = await runApp({}, { agent, animator });
  context.after(() => app.close());
  const [victim, bystander] = [await TestClient.connect(ws), await TestClient.connect(ws)];
  await Promise.all([victim, bystander].map((client) => client.until(() => client.received.length > 0)));
  const [first, second] = agent.sessions;
  assert.ok(first && second);
  speak(first, 'a', countingPcm(24_000));
  assert.equal(await victim.closed(), 1011);
  speak(second, 'b', countingPcm(24_000));
  second.emit({ type: 'turn_ended', turnId: 'b' });
  await bystander.until(() => bystander.of('audio_end').length === 1);
  assert.equal(app.sessions, 1);
  await bystander.close();
});

for (const what of ['crash', 'reject']) {
  test(`what nobody catches (${what}) is logged, drains shortly, and exits with 70`, async (context) => {
    const server = await startServer(context);
    const speaking = await TestClient.connect(server.ws);
    const client = await TestClient.connect(server.ws);
    speaking.send({ type: 'text', data: 'speak 1' });
    await speaking.until(() => speaking.of('sync_frame').length > 0);
    client.send({ type: 'text', data: what });
    assert.deepEqual(await Promise.all([client.closed(), speaking.closed()]), [1001, 1001]);
    assert.equal(speaking.of('audio_end').length, 1, 'a short answer is finished');
    assert.equal(await server.ended, 70);
    assert.match(server.output(), /sentinel (crash|rejection)/);
  });
}
