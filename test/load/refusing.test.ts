import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { runApp, TestClient } from '../support/client.ts';

test('a server short of memory keeps who is in, refuses newcomers, and says so to its balancer', async (context) => {
  const clock = new FakeClock();
  // This process has more than 64 MiB by itself.
  const { app, http, ws } = await runApp({ MAX_MEMORY_MB: '64' }, { agent: new ScriptedAgent(), clock });
  context.after(() => app.close());
  assert.equal((await fetch(`${http}/ready`)).status, 200);
  const first = await TestClient.connect(ws);
  await first.until(() => first.of('config').length === 1);
  await clock.advance(1000);

  const ready = await fetch(`${http}/ready`);
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { status: 'overloaded' });
  assert.equal((await fetch(`${http}/health`)).status, 200, 'it is well, and should not be restarted');
  const refused = await TestClient.connect(ws);
  assert.equal(await refused.closed(), 1013);
  const [error] = refused.of('error');
  assert.equal(error?.['code'], 'overloaded');
  assert.equal(error?.['retryAfterMs'], 5000);
  first.send({ type: 'ping' });
  await first.until(() => first.of('pong').length === 1);
  await first.close();
});
