import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { runApp, TestClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { speak } from '../support/session.ts';

test('a request is one line with its name, method, route, status and time; its query is not in it', async () => {
  const { log, lines } = recordedLog();
  const { app, http } = await runApp({}, { agent: new ScriptedAgent() }, log);
  const known = await fetch(`${http}/inf?token=secret`);
  const unknown = await fetch(`${http}/nowhere/secret?token=secret`);
  assert.deepEqual(await unknown.json(), { detail: 'Not Found' });
  await fetch(`${http}/metrics`);
  await app.close();
  const requests = lines().filter(({ msg }) => msg === 'request');
  assert.deepEqual(
    requests.map(({ level, method, route, status }) => [level, method, route, status]),
    [
      [30, 'GET', '/inf', 200],
      [30, 'GET', 'none', 404],
      [20, 'GET', '/metrics', 200],
    ],
  );
  assert.equal(requests[0]?.['requestId'], known.headers.get('x-request-id'));
  assert.equal(requests[1]?.['requestId'], unknown.headers.get('x-request-id'));
  assert.doesNotMatch(JSON.stringify(lines()), /secret/);
});

test('a conversation’s lines share the names of its request and its session, from its opening to its end', async () => {
  const { log, lines } = recordedLog();
  const agent = new ScriptedAgent({
    onText: (_text, voice) => {
      speak(voice, 'a', new Int16Array(4800).fill(4000));
      voice.emit({ type: 'turn_ended', turnId: 'a' });
    },
  });
  const { app, ws } = await runApp({}, { agent }, log);
  const client = await TestClient.connect(ws);
  client.send({ type: 'text', data: 'Hello' });
  client.socket.send('no JSON');
  await client.until(() => client.of('audio_end').length === 1);
  agent.sessions[0]?.lose();
  const closed = client.closed();
  await app.close();
  await closed;
  await eventually('its end is told', () => lines().some(({ msg }) => msg === 'session closed'));
  const about = ['session opened', 'session fault', 'turn over', 'session closed'].map((msg) =>
    lines().find((line) => line.msg === msg),
  );
  for (const line of about) {
    assert.equal(line?.['sessionId'], about[0]?.['sessionId']);
    assert.equal(line?.['requestId'], about[0]?.['requestId']);
    assert.match(String(line?.['requestId']), /^[0-9a-f-]{36}$/);
  }
  const turn = about[2];
  assert.equal(turn?.['question'], 'text');
  assert.ok(Number(turn?.['firstFrameMs']) >= Number(turn?.['agentMs']));
});

test('a plain GET of the WebSocket’s path is told to upgrade', async () => {
  const { app, http } = await runApp({}, { agent: new ScriptedAgent() });
  const response = await fetch(`${http}/ws`);
  assert.equal(response.status, 426);
  assert.equal(response.headers.get('upgrade'), 'websocket');
  await app.close();
});
