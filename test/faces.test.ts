import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ScriptedAgent } from '../src/agents/scripted/scripted-agent.ts';
import { testVowel } from '../src/face/engine/self-check.ts';
import { VISEMES } from '../src/protocol/visemes.ts';
import { writeTinyEmbedded } from '../src/testing/onnx/tiny-embedded.ts';
import { writeTinyModel } from '../src/testing/onnx/tiny-model.ts';
import { type RunningApp, runApp, TestClient } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { ownFolder } from './support/model.ts';
import { pcmOf, type Received, speak } from './support/session.ts';

const RATE = 24_000;
const noProc = existsSync('/proc/self/stat') ? false : 'there is no /proc to find the processes in';

/** Five seconds of a vowel. */
const speech = Int16Array.from(testVowel(5 * RATE, RATE), (sample) => Math.round(sample * 32_767));

const short = speech.subarray(0, 1.5 * RATE);

/** A server with this face, whose agent says the vowel to everything (less of it to 'short'); without an embedded model, unless it is told where. */
async function speaking(
  environment: Readonly<Record<string, string>>,
  modelsFolder = join(tmpdir(), 'no-models-here'),
): Promise<RunningApp> {
  const agent = new ScriptedAgent({
    onText: (text, voice) => {
      speak(voice, text, text === 'short' ? short : speech);
      voice.emit({ type: 'turn_ended', turnId: text });
    },
  });
  const running = await runApp(environment, { agent, modelsFolder });
  started.push(running);
  return running;
}

/** Where a test fails before it has closed its server, this process would live for ever. */
const started: RunningApp[] = [];
after(() => Promise.all(started.map(({ app }) => app.close())));

async function health({ http }: RunningApp): Promise<Record<string, string>> {
  return (await (await fetch(`${http}/health`)).json()) as Record<string, string>;
}

async function metric({ http }: RunningApp, name: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

async function inferenceProcesses(): Promise<number[]> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

function jaws(frames: readonly Received[]): number[] {
  return frames.map((frame) => (frame['weights'] as Record<string, number>)['jawOpen'] ?? Number.NaN);
}

test('with a model at ONNX_MODEL_PATH its face is live, and most frames are its own', async (context) => {
  const running = await speaking({
    FACE_ENGINE: 'auto',
    ONNX_MODEL_PATH: await writeTinyModel(await ownFolder(context)),
  });
  assert.equal((await health(running))['face'], 'wav2arkit');
  const client = await TestClient.connect(running.ws);
  client.send({ type: 'text', data: 'a' });
  await client.until(() => client.of('audio_end').length === 1);
  assert.deepEqual(pcmOf(client.of('sync_frame')), speech);
  assert.ok(Math.max(...jaws(client.of('sync_frame'))) > 0.1, 'the mouth is open in a vowel');
  const made = await metric(running, 'avatar_face_frames_total{by="model"}');
  assert.ok(made >= 75, `${made} of 150 frames`);
  const windows = await metric(running, 'avatar_face_windows_total');
  assert.ok(windows >= 3 && windows <= made / 5, `${windows} windows for ${made} frames`);
  assert.equal(await metric(running, 'avatar_face_hop_frames'), made / windows);
  await client.close();
  await running.app.close();
});

test('processes killed in the middle of a turn cost no sound, no silence, and no session', {
  skip: noProc,
}, async (context) => {
  const running = await speaking({
    FACE_ENGINE: 'wav2arkit',
    ONNX_MODEL_PATH: await writeTinyModel(await ownFolder(context)),
  });
  const clients = await Promise.all([TestClient.connect(running.ws), TestClient.connect(running.ws)]);
  for (const client of clients) client.send({ type: 'text', data: 'a' });
  await Promise.all(clients.map((client) => client.until(() => client.of('sync_frame').length > 30)));
  for (const pid of await inferenceProcesses()) process.kill(pid, 'SIGKILL');
  await Promise.all(clients.map((client) => client.until(() => client.of('audio_end').length === 1)));
  for (const client of clients) {
    assert.deepEqual(pcmOf(client.of('sync_frame')), speech);
    assert.ok(client.of('sync_frame').every((frame) => frame['filler'] === undefined));
    assert.deepEqual(client.of('error'), []);
  }
  assert.ok((await metric(running, 'avatar_face_restarts_total')) >= 1);
  assert.equal((await health(running))['face'], 'wav2arkit');
  await Promise.all(clients.map((client) => client.close()));
  await running.app.close();
  assert.deepEqual(await inferenceProcesses(), [], 'no process is left');
});

test('a model that is missing, cut short or no model at all never stops the server', async (context) => {
  const folder = await ownFolder(context);
  const cutShort = await writeTinyModel(folder, { fileName: 'short.onnx', data: 'inside' });
  await truncate(cutShort, 3000);
  const pointer = join(folder, 'pointer.onnx');
  await writeFile(pointer, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
  for (const path of [join(folder, 'missing.onnx'), cutShort, pointer]) {
    const running = await speaking({ FACE_ENGINE: 'wav2arkit', ONNX_MODEL_PATH: path });
    const { status, face } = await health(running);
    assert.deepEqual({ status, face }, { status: 'healthy', face: 'loudness' });
    await running.app.close();
  }
});

test('with FACE_ENGINE=off the sound goes out alone', async () => {
  const running = await speaking({ FACE_ENGINE: 'off' });
  assert.equal((await health(running))['face'], 'off');
  const client = await TestClient.connect(running.ws);
  client.send({ type: 'text', data: 'a' });
  await client.until(() => client.of('audio_end').length === 1);
  assert.equal(client.of('audio_chunk').length, 150);
  await client.close();
  await running.app.close();
});

test('without a full-size model the embedded one is live, and tells the visemes where they are wanted', {
  skip: noProc,
}, async (context) => {
  const models = await ownFolder(context);
  await writeTinyEmbedded(models);
  const running = await speaking({ FACE_ENGINE: 'auto', FACE_VISEMES: 'true' }, models);
  assert.equal((await health(running))['face'], 'embedded');
  assert.equal(await metric(running, 'avatar_face_live{face="embedded"}'), 1);
  assert.equal(await metric(running, 'avatar_face_live{face="loudness"}'), 0);
  assert.equal((await inferenceProcesses()).length, 1);
  const client = await TestClient.connect(running.ws);
  client.send({ type: 'text', data: 'short' });
  await client.until(() => client.of('audio_end').length === 1);
  const frames = client.of('sync_frame');
  assert.deepEqual(pcmOf(frames), short);
  for (const { visemes } of frames) {
    const weights = Object.entries(visemes as Record<string, number>);
    assert.deepEqual(
      weights.map(([name]) => name),
      [...VISEMES],
    );
    assert.ok(weights.every(([, weight]) => weight >= 0 && weight <= 1));
  }
  const visemesAt = (index: number) => frames[index]?.['visemes'] as Record<string, number> | undefined;
  assert.ok((visemesAt(22)?.['aa'] ?? 0) > 0.5);
  const made = await metric(running, 'avatar_face_frames_total{by="model"}');
  assert.ok(made >= 36, `${made} of 45 frames`);
  await client.close();
  await running.app.close();
  assert.deepEqual(await inferenceProcesses(), []);
});

test('the embedded model stands in when the full-size one rests', {
  skip: noProc,
}, async (context) => {
  const models = await ownFolder(context);
  await writeTinyEmbedded(models);
  const before = await inferenceProcesses();
  const running = await speaking(
    {
      FACE_ENGINE: 'auto',
      FACE_PROCESSES: '1',
      ONNX_MODEL_PATH: await writeTinyModel(await ownFolder(context)),
    },
    models,
  );
  const started = (await inferenceProcesses()).filter((pid) => !before.includes(pid));
  assert.equal(started.length, 2, 'one process for each model');
  assert.equal((await health(running))['face'], 'wav2arkit');
  await killAllBut(started[1]); // the full-size model's is started first
  await eventually('the full-size model rests', async () => (await health(running))['face'] === 'embedded');
  assert.equal((await health(running))['resting'], 'wav2arkit');
  assert.equal(await metric(running, 'avatar_face_live{face="embedded"}'), 1);
  const client = await TestClient.connect(running.ws);
  client.send({ type: 'text', data: 'short' });
  await client.until(() => client.of('audio_end').length === 1);
  assert.deepEqual(pcmOf(client.of('sync_frame')), short);
  assert.equal(await metric(running, 'avatar_face_frames_total{by="declined"}'), 45);
  assert.ok(Math.max(...jaws(client.of('sync_frame'))) > 0.2, 'the embedded model opens the mouth');
  await client.close();
  await running.app.close();
});

/** Kills every process but one as soon as it is there, until no more come. */
async function killAllBut(spared: number | undefined): Promise<void> {
  const killed = new Set<number>();
  while (killed.size < 5) {
    for (const pid of await inferenceProcesses()) {
      if (pid === spared || killed.has(pid)) continue;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    await delay(5);
  }
}

test('a readout that is wrong stops the server with a line', async (context) => {
  const models = await ownFolder(context);
  await writeTinyEmbedded(models);
  await assert.rejects(speaking({ FACE_ENGINE: 'auto', FACE_READOUT: './none.json' }, models), {
    code: 'invalid_config',
    message: /FACE_READOUT: .*none\.json/,
  });
  assert.deepEqual(await inferenceProcesses(), []);
});
