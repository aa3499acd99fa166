import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ScriptedAgent, type ScriptedSession } from '../../src/agents/scripted/scripted-agent.ts';
import { temporaryFolder } from '../support/certificates.ts';
import { runApp, TestClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { pcmOf } from '../support/session.ts';

/** Two who talk at the same time; whatever is said by, to or for one of them bears their name and number. */
const TALKERS = [
  { name: 'sentinel-anna', sample: 1111 },
  { name: 'sentinel-bert', sample: -2222 },
] as const;

type Talker = (typeof TALKERS)[number];

const TOOLS = ['ask_page', 'wave'].map((name) => ({
  name,
  description: 'For the test.',
  run: { where: 'client', answers: name === 'ask_page' },
}));

/** Answers in the name of who asks: calls the page, and says what it answers. */
function answer(text: string, session: ScriptedSession): void {
  const turnId = `turn of ${text}`;
  session.emit({ type: 'turn_started', turnId });
  session.emit({ type: 'tool_call', turnId, callId: 'the same', name: 'ask_page', args: { of: text } });
  session.emit({ type: 'tool_call', turnId, callId: 'wave', name: 'wave', args: { of: text } });
  session.emit({ type: 'turn_ended', turnId });
}

function report(callId: string, result: unknown, session: ScriptedSession): void {
  if (callId !== 'the same') return;
  const { name, sample } = result as Talker;
  const turnId = `answer to ${name}`;
  session.emit({ type: 'turn_started', turnId });
  for (let piece = 0; piece < 5; piece += 1) {
    session.emit({ type: 'audio', turnId, pcm: new Int16Array(4800).fill(sample) });
    session.emit({ type: 'text', turnId, text: `${name} ` });
  }
  session.emit({ type: 'turn_ended', turnId });
}

test('of two who talk at the same time neither hears, nor is asked, anything of the other', async (context) => {
  const file = join(temporaryFolder(context), 'tools.json');
  writeFileSync(file, JSON.stringify(TOOLS));
  const agent = new ScriptedAgent({ onText: answer, onToolResult: report });
  const { app, ws } = await runApp({ TOOLS_FILE: file }, { agent });
  context.after(() => app.close());
  const clients = await Promise.all(TALKERS.map(() => TestClient.connect(ws)));
  await eventually('both are connected', () => agent.sessions.length === 2);

  for (const [index, client] of clients.entries()) {
    const talker = TALKERS[index];
    assert.ok(talker);
    client.send({ type: 'audio', data: bytesOf(talker).toString('base64') });
    client.send({ type: 'text', data: talker.name, userId: talker.name });
  }
  for (const [index, client] of clients.entries()) {
    await client.until(() => client.of('trigger_action').length === 2);
    client.send({ type: 'action_result', callId: 'the same', result: TALKERS[index] });
  }
  for (const client of clients) await client.until(() => client.of('audio_end').length === 1);

  for (const [index, client] of clients.entries()) {
    const [own, other] = index === 0 ? TALKERS : [TALKERS[1], TALKERS[0]];
    const text = JSON.stringify(client.received);
    assert.ok(text.includes(own.name));
    assert.ok(!text.includes(other.name), `${own.name} read of ${other.name}`);
    const heard = new Set(pcmOf(client.of('sync_frame').filter(({ filler }) => filler !== true)));
    heard.delete(0); // the last frame is filled up
    assert.deepEqual([...heard], [own.sample]);

    const session = agent.sessions.find(({ calls }) => JSON.stringify(calls).includes(own.name));
    assert.ok(session);
    assert.ok(!JSON.stringify([session.calls, session.options.history]).includes(other.name));
    const spoken = session.calls.flatMap((call) => (call.method === 'sendAudio' ? [...call.pcm] : []));
    assert.deepEqual([...new Set(spoken)], [own.sample]);
  }
});

function bytesOf({ sample }: Talker): Buffer {
  return Buffer.from(new Int16Array(2400).fill(sample).buffer);
}
