import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeTinyModel } from '../../src/testing/onnx/tiny-model.ts';
import { TestClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { ownFolder } from '../support/model.ts';
import { childrenOf, isRunning, noProc, startServer } from '../support/server-process.ts';

test('SIGTERM: not ready at once, newcomers refused, idle sessions closed, a running answer finished, exit 0, port free', async (context) => {
  const server = await startServer(context);
  assert.equal((await fetch(`${server.http}/ready`)).status, 200);
  const idle = await TestClient.connect(server.ws);
  const speaking = await TestClient.connect(server.ws);
  speaking.send({ type: 'text', data: 'speak 3' });
  await speaking.until(() => speaking.of('sync_frame').length > 0);

  const stoppedAt = performance.now();
  server.process.kill('SIGTERM');
  assert.equal(await idle.closed(), 1001);
  assert.ok(performance.now() - stoppedAt < 1000, 'at once');
  const ready = await fetch(`${server.http}/ready`);
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { status: 'draining' });
  const late = await TestClient.connect(server.ws);
  assert.equal(await late.closed(), 1013);
  assert.equal(late.of('error')[0]?.['code'], 'draining');

  assert.equal(await speaking.closed(), 1001);
  assert.equal(speaking.of('sync_frame').length, 90);
  assert.equal(speaking.of('audio_end').length, 1);
  assert.equal(await server.ended, 0);
  const again = createServer().listen(Number(new URL(server.http).port), '127.0.0.1');
  await once(again, 'listening');
  again.close();
});

test('an answer that goes on is cut when its time is over, and a second signal ends it within a second', async (context) => {
  const [patient, hasty] = await Promise.all([
    startServer(context, { DRAIN_SECONDS: '1' }),
    startServer(context),
  ]);
  const clients = await Promise.all([TestClient.connect(patient.ws), TestClient.connect(hasty.ws)]);
  for (const client of clients) client.send({ type: 'text', data: 'speak 60' });
  await Promise.all(clients.map((client) => client.until(() => client.of('sync_frame').length > 0)));

  const cut = clients[0].closed();
  patient.process.kill('SIGTERM');
  hasty.process.kill('SIGTERM');
  await eventually('the signal arrives', () => hasty.output().includes('stopping'));
  const askedAt = performance.now();
  hasty.process.kill('SIGTERM');
  assert.equal(await hasty.ended, 1);
  assert.ok(performance.now() - askedAt < 1000);
  assert.equal(await cut, 1001);
  assert.equal(await patient.ended, 0);
});

test('inference processes end with the server, be it stopped or killed, and a restart binds the port at once', {
  skip: noProc,
}, async (context) => {
  const model = await writeTinyModel(join(await ownFolder(context), 'model'));
  const engine = { FACE_ENGINE: 'wav2arkit', ONNX_MODEL_PATH: model, FACE_PROCESSES: '2', FACE_THREADS: '1' };
  const first = await startServer(context, engine);
  const children = childrenOf(first.pid);
  assert.equal(children.length, 3, 'two for the model, one for the embedded face that stands in for it');
  const killedAt = performance.now();
  first.process.kill('SIGKILL');
  await first.ended;
  await eventually('children of a killed server end', () => !children.some(isRunning));
  assert.ok(performance.now() - killedAt < 1000);

  const second = await startServer(context, { ...engine, SERVER_PORT: new URL(first.http).port });
  const others = childrenOf(second.pid);
  assert.equal(others.length, 3);
  second.process.kill('SIGTERM');
  assert.equal(await second.ended, 0);
  assert.deepEqual(others.filter(isRunning), []);
});

test('a port that is taken is one line and exit 1, and no inference process is left', {
  skip: noProc,
}, async (context) => {
  const holder = createServer().listen(0, '127.0.0.1');
  context.after(() => holder.close());
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const model = await writeTinyModel(join(await ownFolder(context), 'model'));
  const start = startServer(context, {
    SERVER_PORT: String(port),
    FACE_ENGINE: 'wav2arkit',
    ONNX_MODEL_PATH: model,
    FACE_PROCESSES: '1',
    FACE_THREADS: '1',
  });
  await assert.rejects(start, (error: Error) => {
    assert.match(error.message, /ended with 1:/);
    const fatal = error.message.split('\n').filter((line) => line.includes('"level":60'));
    assert.equal(fatal.length, 1);
    assert.match(fatal[0] ?? '', new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}: EADDRINUSE`));
    assert.doesNotMatch(fatal[0] ?? '', /stack/);
    return true;
  });
  const stillThere = childrenOf(process.pid).filter((pid) => childrenOf(pid).length > 0);
  assert.deepEqual(stillThere, []);
});
