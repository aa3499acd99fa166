import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { createApp } from '../../src/app.ts';
import { decodeWav } from '../../src/audio/wav.ts';
import { startAudioCapture } from '../../src/capture/audio-capture.ts';
import { parseConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { runApp, TestClient } from '../support/client.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { countingPcm, pcmOf, speak } from '../support/session.ts';

const root = mkdtempSync(join(tmpdir(), 'captures-'));
after(() => rmSync(root, { recursive: true }));

function wavFiles(folder: string): string[] {
  return readdirSync(folder).sort();
}

test('both sides of a conversation are written sample for sample, one pair for each', async () => {
  const folder = join(root, 'pair');
  const { log, lines } = recordedLog();
  const agent = new ScriptedAgent({
    onText: (_text, voice) => {
      speak(voice, 'a', countingPcm(12_000));
      voice.emit({ type: 'turn_ended', turnId: 'a' });
    },
  });
  const environment = { DEBUG_AUDIO_CAPTURE: 'true', DEBUG_AUDIO_CAPTURE_DIR: folder };
  const { app, ws } = await runApp(environment, { agent }, log);
  const client = await TestClient.connect(ws);
  client.send({ type: 'audio_stream_start', sampleRate: 16_000 });
  const mic = countingPcm(8000);
  for (let at = 0; at < mic.length; at += 1600) {
    const chunk = Buffer.from(new Int16Array(mic.subarray(at, at + 1600)).buffer);
    client.send({ type: 'audio', data: chunk.toString('base64') });
  }
  client.send({ type: 'audio_stream_end' });
  client.send({ type: 'text', data: 'Hello' });
  await client.until(() => client.of('audio_end').length === 1);
  const sessionId = String(client.of('audio_start')[0]?.['sessionId']);
  await app.close();

  const [fromClient = '', fromServer = '', ...others] = wavFiles(folder);
  assert.deepEqual(others, []);
  assert.match(fromClient, new RegExp(`${sessionId}_client\\.wav$`));
  assert.match(fromServer, new RegExp(`${sessionId}_server\\.wav$`));
  assert.deepEqual(decodeWav(readFileSync(join(folder, fromClient))), { sampleRate: 16_000, pcm: mic });
  const sent = decodeWav(readFileSync(join(folder, fromServer)));
  assert.equal(sent.sampleRate, 24_000);
  assert.deepEqual(sent.pcm, pcmOf(client.of('sync_frame')));
  assert.deepEqual(sent.pcm.subarray(0, 12_000), countingPcm(12_000));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const warning = lines().find(({ msg }) => msg.includes('DEBUG_AUDIO_CAPTURE'));
  assert.equal(warning?.['level'], 40);
});

test('a microphone that changes its rate begins another file', async () => {
  const folder = join(root, 'rates');
  const capture = await startAudioCapture({
    folder,
    maxBytes: 1e6,
    outputRate: 24_000,
    clock: new FakeClock(),
    log: silentLogger(),
  });
  const observe = capture.observer.session({ sessionId: 's', requestId: undefined });
  observe({ type: 'heard', pcm: countingPcm(100), sampleRate: 24_000 });
  observe({ type: 'heard', pcm: countingPcm(200), sampleRate: 48_000 });
  observe({ type: 'session_over' });
  await capture.close();
  const sounds = wavFiles(folder).map((file) => decodeWav(readFileSync(join(folder, file))));
  assert.deepEqual(
    sounds.map(({ sampleRate, pcm }) => [sampleRate, pcm.length]),
    [
      [48_000, 200],
      [24_000, 100],
    ],
  );
});

test('the folder never grows beyond its limit, what was there before included; a file takes a tenth at most', async () => {
  const folder = join(root, 'limits');
  const options = { folder, outputRate: 24_000, clock: new FakeClock() };
  const first = await startAudioCapture({ ...options, maxBytes: 400_000, log: silentLogger() });
  writeFileSync(join(folder, 'before.wav'), Buffer.alloc(300_000));
  await first.close();

  const { log, lines } = recordedLog();
  const capture = await startAudioCapture({ ...options, maxBytes: 400_000, log });
  for (const sessionId of ['a', 'b', 'c', 'd', 'e']) {
    const observe = capture.observer.session({ sessionId, requestId: undefined });
    for (let count = 0; count < 60; count += 1) {
      observe({ type: 'heard', pcm: countingPcm(500), sampleRate: 24_000 });
    }
    observe({ type: 'session_over' });
  }
  await capture.close();
  const sizes = wavFiles(folder).map((file) => statSync(join(folder, file)).size);
  assert.equal(sizes.length, 4, 'three, and the one from before');
  assert.ok(sizes.reduce((sum, size) => sum + size) <= 400_000);
  assert.ok(sizes.every((size) => size <= 40_000 || size === 300_000));
  const told = lines().filter(({ level }) => level === 40);
  assert.deepEqual(
    told.map(({ msg, sessionId }) => [msg, sessionId]),
    [
      ['DEBUG_AUDIO_CAPTURE: what users say is written to files', undefined],
      ['a recording is not complete', 'a'],
      ['a recording is not complete', 'b'],
      ['a recording is not complete', 'c'],
      ['the folder for recordings is full: no more are made', undefined],
    ],
  );
});

test('a folder that cannot be used is a mistake in the settings', async () => {
  const inTheWay = join(root, 'file');
  writeFileSync(inTheWay, '');
  const config = parseConfig({ DEBUG_AUDIO_CAPTURE: 'true', DEBUG_AUDIO_CAPTURE_DIR: inTheWay });
  await assert.rejects(createApp(config, silentLogger()), (error) => {
    return error instanceof ConfigError && /DEBUG_AUDIO_CAPTURE_DIR/.test(error.message);
  });
});
