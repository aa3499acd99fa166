import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { AgentError } from '../../src/errors.ts';
import { runApp, TestClient } from '../support/client.ts';
import { metricValue, parseExposition } from '../support/exposition.ts';

test('health and metrics say whether the agent could be reached, once somebody tried', async () => {
  let refuses = true;
  const agent = new ScriptedAgent({
    onOpen: () => {
      if (refuses) throw new AgentError('agent_unavailable', 'scripted refusal', { retryable: false });
    },
  });
  const { app, http, ws } = await runApp({}, { agent });
  const health = async () => (await (await fetch(`${http}/health`)).json()) as Record<string, unknown>;
  assert.equal('agent_reachable' in (await health()), false);

  const unlucky = await TestClient.connect(ws);
  await unlucky.until(() => unlucky.of('error').length === 1);
  assert.equal((await health())['agent_reachable'], false);

  refuses = false;
  const lucky = await TestClient.connect(ws);
  lucky.send({ type: 'ping' });
  await lucky.until(() => lucky.of('pong').length === 1);
  assert.equal((await health())['agent_reachable'], true);

  const closed = lucky.closed();
  lucky.socket.close(4321, 'as it likes');
  await closed;
  const families = parseExposition(await (await fetch(`${http}/metrics`)).text());
  const value = (name: string, labels = {}) => metricValue(families, name, labels);
  assert.equal(value('avatar_agent_failures_total', { code: 'agent_unavailable', retryable: 'false' }), 1);
  assert.equal(value('avatar_agent_openings_total', { reason: 'first' }), 2);
  assert.equal(value('avatar_agent_opening_seconds_count', { reason: 'first' }), 1);
  assert.equal(value('avatar_errors_total', { code: 'agent_unavailable' }), 1);
  assert.equal(value('avatar_sessions_opened_total'), 2);
  await app.close();
});
