import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TestClient } from '../support/client.ts';
import { ownFolder } from '../support/model.ts';
import { startServer } from '../support/server-process.ts';

const LEAD_FRAMES = 13;

/** libfaketime, where Debian puts it. */
const FAKETIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

test('a server that was stopped for 3 s and goes on: no burst beyond the lead, nothing lost, nobody closed', async (context) => {
  const server = await startServer(context);
  const clients = await Promise.all(Array.from({ length: 5 }, () => TestClient.connect(server.ws)));
  for (const client of clients) client.send({ type: 'text', data: 'speak 3' });
  await Promise.all(clients.map((client) => client.until(() => client.of('sync_frame').length > 30)));
  server.process.kill('SIGSTOP');
  await delay(200); // what was on its way has arrived
  const before = clients.map((client) => client.of('sync_frame').length);
  await delay(3000);
  server.process.kill('SIGCONT');
  await delay(100);
  // In 100 ms the schedule lets the lead go, and 3 frames more; the rest is for a busy machine.
  const bursts = clients.map((client, index) => client.of('sync_frame').length - (before[index] ?? 0));
  assert.ok(Math.max(...bursts) <= LEAD_FRAMES + 6, `bursts of ${bursts}`);
  await Promise.all(clients.map((client) => client.until(() => client.of('audio_end').length === 1)));
  for (const client of clients) {
    const indices = client.of('sync_frame').map((frame) => frame['frameIndex']);
    assert.deepEqual(
      indices,
      Array.from({ length: 90 }, (_, index) => index),
    );
    assert.equal(client.socket.readyState, client.socket.OPEN);
    await client.close();
  }
});

test('the wall clock jumps an hour ahead and two back in the middle of an answer: timestamps move, frames do not', {
  skip: FAKETIME === undefined ? 'libfaketime is not installed' : false,
}, async (context) => {
  const file = join(await ownFolder(context), 'offset');
  const jump = (offset: string) => writeFileSync(file, `${offset}\n`);
  jump('+0');
  const server = await startServer(context, {
    LD_PRELOAD: FAKETIME ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const client = await TestClient.connect(server.ws);
  const startedAt = performance.now();
  client.send({ type: 'text', data: 'speak 3' });
  await client.until(() => client.of('sync_frame').length > 30);
  jump('+3600');
  await client.until(() => client.of('sync_frame').length > 60);
  jump('-3600');
  await client.until(() => client.of('audio_end').length === 1);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs > 2200 && tookMs < 4500, `${tookMs} ms for 3 s with a lead of 0.4 s`);
  const frames = client.of('sync_frame');
  assert.equal(frames.length, 90);
  const stamps = frames.map((frame) => Number(frame['timestamp']));
  const jumps = stamps.slice(1).map((stamp, index) => Math.round((stamp - (stamps[index] ?? 0)) / 3_600_000));
  assert.deepEqual(
    jumps.filter((hours) => hours !== 0),
    [1, -2],
  );
  await client.close();
});
