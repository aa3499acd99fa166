import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRemoteAgent } from '../../../src/agents/remote/remote-agent.ts';
import { loudnessAnimator } from '../../../src/face/loudness/loudness-animator.ts';
import { silentLogger } from '../../../src/log.ts';
import { Session } from '../../../src/session/session.ts';
import { FakeClock } from '../../../src/time/fake-clock.ts';
import { type RunningApp, runApp, TestClient } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { pcmOf, RecordingTransport } from '../../support/session.ts';
import { type FakeConnection, FakeRemoteAgent, sound, talkative } from './fake-remote-agent.ts';

/** The remote agent on its bad days, through the real server. */

const example = fileURLToPath(new URL('../../../docs/examples/remote-agent.ts', import.meta.url));
const endings: (() => unknown)[] = [];
const children = new Set<ChildProcess>();

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

after(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function server(url: string): Promise<RunningApp> {
  const running = await runApp({ AGENT_TYPE: 'remote', AGENT_URL: url });
  endings.push(() => running.app.close());
  return running;
}

async function client({ ws }: RunningApp): Promise<TestClient> {
  const connected = await TestClient.connect(ws);
  endings.push(() => connected.close());
  return connected;
}

/** The server before an agent that does this with each connection, and a client that has been greeted. */
async function talk(
  onConnection: (far: FakeConnection) => void,
): Promise<{ page: TestClient; end: FakeRemoteAgent }> {
  const end = await FakeRemoteAgent.start(onConnection);
  endings.push(() => end.stop());
  const page = await client(await server(end.url));
  await eventually('the agent to be opened', () => end.connections.length === 1);
  return { page, end };
}

/** Starts the example of docs/remote-agent.md as a process; resolves with the port it listens on. */
async function startExample(port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(example, {
    env: { ...process.env, PORT: String(port) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.add(child);
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) {
    return { child, port: (JSON.parse(line.replace('ready ', '')) as { port: number }).port };
  }
  throw new Error('the example ended before it was ready');
}

/** Asks, and waits for the whole answer. */
async function answered(page: TestClient, question: string): Promise<void> {
  const before = page.of('audio_end').length;
  page.send({ type: 'text', data: question });
  await page.until(() => page.of('audio_end').length > before);
}

function errorCodes(page: TestClient): unknown[] {
  return page.of('error').map((error) => error['code']);
}

test('the example of docs/remote-agent.md answers through the real server, and stops when it is told', async () => {
  const { port } = await startExample(0);
  const page = await client(await server(`ws://127.0.0.1:${port}`));
  await answered(page, 'one two three');
  const said = page.of('transcript_done').find(({ role }) => role === 'assistant');
  assert.equal(String(said?.['text']).trim(), 'one two three');
  assert.ok(
    pcmOf(page.of('sync_frame')).some((sample) => sample > 5000),
    'it beeps',
  );

  page.send({ type: 'text', data: 'la '.repeat(100) });
  await page.until(() => page.of('audio_start').length === 2);
  page.send({ type: 'interrupt' });
  await page.until(() => page.of('interrupt').length === 1);
  await answered(page, 'and on');
  assert.deepEqual(page.of('error'), []);
});

test('after kill -9 what was said is played, the client is told, and three seconds after its return it answers', async () => {
  const { child, port } = await startExample(0);
  const page = await client(await server(`ws://127.0.0.1:${port}`));
  page.send({ type: 'text', data: 'la '.repeat(100) });
  await page.until(() => page.of('sync_frame').length > 10);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await page.until(() => page.of('audio_end').length === 1);
  assert.deepEqual(errorCodes(page), ['agent_lost']);
  assert.equal(page.of('transcript_done').length, 2, 'the question, and what was said');

  await new Promise((resolve) => setTimeout(resolve, 1500)); // it stays away for longer than the first try
  await startExample(port);
  const returnedAt = performance.now();
  page.send({ type: 'text', data: 'back' });
  await page.until(() => page.of('audio_start').length === 2, 3000);
  assert.ok(performance.now() - returnedAt < 3000);
  assert.deepEqual(errorCodes(page), ['agent_lost'], 'told once');
});

test('a reset and a polite close in the middle of an answer are the same loss', async () => {
  for (const end of ['reset', 'close'] as const) {
    const { page } = await talk((far) => {
      far.onMessage = ({ type }) => {
        if (type !== 'text') return;
        far.send({ type: 'response_start' });
        far.speak(400);
        if (end === 'close') far.socket.close(1011);
        else far.socket.send('{', () => far.socket.terminate());
      };
    });
    page.send({ type: 'text', data: 'Hello' });
    await page.until(() => page.of('audio_end').length === 1);
    assert.deepEqual(errorCodes(page), ['agent_lost'], end);
    assert.ok(pcmOf(page.of('sync_frame')).filter((sample) => sample === 5000).length >= 9600, end);
  }
});

test('an answer longer than a minute that comes at once is heard from its beginning, and can be interrupted', async () => {
  const { page } = await talk((far) => {
    talkative(far);
    const answer = far.onMessage;
    far.onMessage = (message) => {
      if (message['data'] !== 'much') return answer(message);
      far.send({ type: 'response_start' });
      for (let second = 0; second < 60; second += 1) far.speak(1000, 1000 + second);
      return far.send({ type: 'response_end', transcript: 'Much.' });
    };
  });
  page.send({ type: 'text', data: 'much' });
  await page.until(() => page.of('sync_frame').length > 10);
  assert.equal(pcmOf(page.of('sync_frame'))[0], 1000);
  await answered(page, 'short');
  assert.equal(page.of('interrupt').length, 1);
  assert.deepEqual(page.of('error'), []);
});

test('garbage of every kind changes nothing of what is heard', async () => {
  const { page } = await talk((far) => {
    far.onMessage = ({ type }) => {
      if (type !== 'text') return;
      const junk = ['', '{', 'null', '[]', '{"type":"__proto__"}', '{"type":"audio_delta","data":"?"}'];
      far.send({ type: 'response_start', session_id: null });
      for (const text of junk) far.socket.send(text);
      far.socket.send(Buffer.from([0xff, 0x00, 0x7b]));
      far.send({ type: 'audio_delta', data: sound(200).subarray(0, 4801).toString('base64') });
      for (const text of junk) far.socket.send(text);
      far.send({ type: 'audio_delta', data: sound(200).subarray(4801).toString('base64') });
      far.send({ type: 'response_end', transcript: 'Done.', itemId: null });
      far.send({ type: 'response_end', transcript: 'Done.' });
      far.send({ type: 'transcript_delta', delta: 'Done.' });
    };
  });
  await answered(page, 'Hello');
  assert.equal(pcmOf(page.of('sync_frame')).filter((sample) => sample === 5000).length, 4800);
  const said = page.of('transcript_done').filter(({ role }) => role === 'assistant');
  assert.deepEqual(
    said.map(({ text }) => text),
    ['Done.'],
  );
  assert.deepEqual(page.of('error'), []);
});

test('an agent that flounders between answers leaves each of them whole', async () => {
  const { page } = await talk((far) => {
    far.onMessage = ({ type }) => {
      if (type !== 'text') return;
      far.send({ type: 'response_start' });
      far.speak(200, 3000);
      far.send({ type: 'response_start' });
      far.speak(200, 4000);
      far.send({ type: 'response_end' });
    };
  });
  page.send({ type: 'text', data: 'Hello' });
  await page.until(() => page.of('audio_end').length === 2);
  const played = pcmOf(page.of('sync_frame'));
  assert.equal(played.filter((sample) => sample === 3000).length, 4800);
  assert.equal(played.filter((sample) => sample === 4000).length, 4800);
  assert.equal(new Set(page.of('audio_start').map(({ turnId }) => turnId)).size, 2);
});

test('an agent that is not there when the client comes is found when it starts', async () => {
  const probe = await FakeRemoteAgent.start();
  const { port } = probe;
  await probe.stop();
  const page = await client(await server(`ws://127.0.0.1:${port}`));
  await page.until(() => page.of('error').length === 1);
  assert.deepEqual(errorCodes(page), ['agent_unavailable']);
  page.send({ type: 'text', data: 'Are you there?' });
  const end = await FakeRemoteAgent.start(talkative, port);
  endings.push(() => end.stop());
  await page.until(() => page.of('audio_end').length === 1, 3000);
  assert.equal(page.of('error').length, 1);
});

test('a reopened agent is told the conversation so far, as it was heard', async () => {
  const { page, end } = await talk(talkative);
  await answered(page, 'short');
  await page.until(() => page.received.at(-1)?.['state'] === 'Listening');
  await eventually('it to be played out', () => end.connections.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 700)); // the client still plays what it has
  end.drop();
  await eventually('another connection', () => (end.connections[1]?.received.length ?? 0) > 0);
  assert.deepEqual(end.connections[1]?.received[0]?.['history'], [
    { role: 'user', text: 'short' },
    { role: 'assistant', text: 'Yes, indeed.' },
  ]);
});

test('an agent that stalls in the middle of an answer has failed after 15 seconds, and answers the next', async () => {
  const end = await FakeRemoteAgent.start((far) => {
    far.onMessage = ({ type, data }) => {
      if (type !== 'text') return;
      far.send({ type: 'response_start' });
      far.speak(300);
      if (data === 'short') far.send({ type: 'response_end' });
    };
  });
  const clock = new FakeClock();
  const transport = new RecordingTransport(clock);
  endings.push(() => end.stop());
  const session = new Session(transport, {
    agent: createRemoteAgent({ url: end.url, charsPerSecond: 16, log: silentLogger() }),
    animator: loudnessAnimator(),
    clock,
    log: silentLogger(),
    tools: [],
    instructions: () => '',
    inputRate: 24_000,
    outputRate: 24_000,
    fps: 30,
    leadMs: 400,
    random: () => 0,
  });
  endings.push(() => session.close());
  const ask = async (question: string) => {
    const turns = transport.of('audio_start').length;
    session.receive(Buffer.from(JSON.stringify({ type: 'text', data: question })), false);
    while (transport.of('audio_start').length === turns) await clock.advance(1);
  };
  await end.connection();
  await ask('stall');
  const stalledAt = clock.now();
  while (transport.of('error').length === 0 && clock.now() < stalledAt + 20_000) await clock.advance(100);
  assert.equal(transport.of('error')[0]?.['code'], 'agent_failed');
  assert.ok(Math.abs(clock.now() - stalledAt - 15_000) < 1000, `${clock.now() - stalledAt} ms`);
  await ask('short');
  assert.equal(transport.of('error').length, 1);
});
