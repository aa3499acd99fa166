import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { MAX_UNANSWERED } from '../../src/http/pipelines.ts';
import { type RunningApp, runApp } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { noProc, startServer } from '../support/server-process.ts';

let running: RunningApp;

before(async () => {
  running = await runApp({}, { agent: new ScriptedAgent() });
});

after(() => running.app.close());

function get(path: string, times: number): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(times);
}

function answers(raw: RawSocket): number {
  return raw.text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0;
}

test('so many requests at once are answered, and again when they have been', async () => {
  const raw = await RawSocket.open(running.port);
  for (let round = 1; round <= 3; round += 1) {
    raw.write(get('/openapi.json', MAX_UNANSWERED));
    assert.ok(await raw.until(() => answers(raw) === round * MAX_UNANSWERED), `${answers(raw)} answers`);
  }
  assert.equal(raw.ended, false);
  raw.destroy();
});

for (const path of [
  '/openapi.json',
  '/redoc/redoc.standalone.js',
  '/docs/static/swagger-ui.css',
  '/%zz',
  '/',
]) {
  test(`one request more ends the connection: ${path}`, async () => {
    const raw = await RawSocket.open(running.port);
    raw.write(get(path, MAX_UNANSWERED + 1));
    assert.ok(await raw.until(() => raw.ended), `${answers(raw)} answers`);
    raw.destroy();
  });
}

test('500 requests for the largest file in one packet, unread, do not end a process with little memory', {
  skip: noProc,
}, async (t) => {
  const server = await startServer(t, { NODE_OPTIONS: '--max-old-space-size=120' });
  const raw = await RawSocket.open(Number(new URL(server.http).port));
  raw.socket.pause();
  raw.write(get('/redoc/redoc.standalone.js', 500));
  await fetch(`${server.http}/health`); // it has got them by now
  raw.socket.resume();
  await eventually('the connection ends', () => raw.ended, 10_000);
  assert.equal((await fetch(`${server.http}/health`)).status, 200);
  raw.destroy();
});
