import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FakeGemini, type GeminiScript } from '../src/testing/fake-gemini.ts';
import { complete, heard, reset as resetGemini, speech, words } from '../src/testing/fake-gemini-steps.ts';
import { type FakeOpenAIOptions, startFakeOpenAI } from '../src/testing/fake-openai.ts';
import {
  callTool,
  closeWith,
  endWith,
  reset,
  say,
  sendError,
  sendRaw,
} from '../src/testing/fake-openai-script.ts';
import { type FakeConnection, FakeRemoteAgent } from './agents/remote/fake-remote-agent.ts';
import { runApp, TestClient } from './support/client.ts';
import { freePort } from './support/free-port.ts';
import { recordedLog } from './support/recorded-log.ts';
import { tone } from './support/sounds.ts';

/** What is said, sent or known in these conversations, each marked so that any trace of it is found. */
const SENTINEL = {
  key: 'sk-sentinel-key-4f1d',
  token: 'sentinel-token-81c2',
  typed: 'sentinel-typed-question',
  spoken: 'sentinel-spoken-question',
  answered: 'sentinel-answered-words',
  instructions: 'sentinel-instructions',
  knowledge: 'sentinel-knowledge',
  tool: 'sentinel-tool-arguments',
  provider: 'sentinel-provider-message',
  caption: 'sentinel-caption',
} as const;

/** What not even those who talk may hear of. */
const KEPT = ['key', 'token', 'instructions', 'knowledge', 'provider'] as const;

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
after(() => rmSync(folder, { recursive: true }));
const knowledgeFile = join(folder, 'knowledge.txt');
writeFileSync(knowledgeFile, `Nobody knows ${SENTINEL.knowledge}.`);

/** Sound whose base64 is as easily found as a text. */
const SOUND = Buffer.from(tone({ hz: 200, sampleRate: 24_000, seconds: 0.6 }).buffer).toString('base64');

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

interface Conversation {
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when what was to be provoked has happened. */
  readonly until: (client: TestClient) => Promise<void>;
  /** And this when what was spoken after it has been answered. */
  readonly thenSpoken?: (client: TestClient) => Promise<void>;
}

/** Holds a whole conversation with everything in it, and looks through everything that was written about it. */
async function assertNothingLeaks({ environment, until, thenSpoken }: Conversation): Promise<void> {
  const { log, raw, lines } = recordedLog();
  const running = await runApp(
    {
      DEBUG: 'true',
      ASSISTANT_INSTRUCTIONS: `Be brief. ${SENTINEL.instructions}`,
      KNOWLEDGE_BASE_SOURCE: knowledgeFile,
      ...environment,
    },
    {},
    log,
  );
  const query = `token=${SENTINEL.token}`;
  const client = await TestClient.connect(`${running.ws}?${query}`);
  client.send({ type: 'text', data: SENTINEL.typed });
  client.send({ type: 'image', data: PNG, mimeType: 'image/png', caption: SENTINEL.caption });
  client.send({ type: SENTINEL.typed });
  client.socket.send(`{"type":"text","data":"${SENTINEL.typed}`); // not JSON
  client.send({ type: 'audio', data: `!${SENTINEL.typed}` });
  client.send({ type: 'text', data: { no: SENTINEL.typed } });
  client.send({ type: 'action_result', callId: SENTINEL.tool, result: SENTINEL.tool });
  await until(client);
  client.send({ type: 'audio_stream_start', sampleRate: 24_000 });
  client.send({ type: 'audio', data: SOUND });
  client.send({ type: 'audio_stream_end' });
  await thenSpoken?.(client);
  const closed = new Promise<string>((resolve) =>
    client.socket.once('close', (_code, reason) => resolve(String(reason))),
  );
  const pages = [
    '/health',
    '/info',
    '/inf',
    '/metrics',
    `/nothing/${SENTINEL.token}`,
    '/ws',
    '/openapi.json',
  ];
  const answers = await Promise.all(
    pages.map(async (page) => {
      const response = await fetch(`${running.http}${page}?${query}`, {
        headers: { authorization: `Bearer ${SENTINEL.token}`, cookie: SENTINEL.token },
      });
      const text = await response.text();
      // What the visitor wrote himself may stand in the answer to him, and in no other.
      return page.includes('nothing') ? '' : text;
    }),
  );
  await running.app.close();
  const reason = await closed;
  const errors = client.of('error').map((message) => JSON.stringify(message));
  const written = [...raw, ...answers, ...errors, reason].join('\n');
  const received = JSON.stringify(client.received);
  for (const what of KEPT) assert.ok(!received.includes(SENTINEL[what]), `${what} reached the client`);
  for (const [what, sentinel] of Object.entries(SENTINEL)) {
    assert.ok(!written.includes(sentinel), `${what}: ${line(written, sentinel)}`);
  }
  assert.ok(!written.includes(SOUND.slice(0, 40)), 'sound');
  assert.ok(!written.includes(PNG.slice(0, 40)), 'a picture');
  // And it was not silence that kept the secret.
  assert.ok(lines().some(({ msg }) => msg === 'session opened'));
  assert.ok(lines().filter(({ msg }) => msg === 'session fault').length >= 3);
  assert.ok(lines().filter(({ msg, requestId }) => msg === 'request' && requestId !== undefined).length >= 5);
}

function line(text: string, found: string): string {
  return text.split('\n').find((each) => each.includes(found)) ?? '';
}

async function withOpenAI(
  options: FakeOpenAIOptions,
  until: Conversation['until'],
  thenSpoken: Conversation['until'] = () => Promise.resolve(),
): Promise<void> {
  const fake = await startFakeOpenAI(options);
  try {
    await assertNothingLeaks({
      environment: { OPENAI_API_KEY: SENTINEL.key, OPENAI_BASE_URL: fake.url },
      until,
      thenSpoken,
    });
  } finally {
    await fake.close();
  }
}

async function withGemini(script: GeminiScript, until: Conversation['until']): Promise<void> {
  const fake = await FakeGemini.start(script);
  try {
    await assertNothingLeaks({
      environment: { GEMINI_API_KEY: SENTINEL.key, GOOGLE_GEMINI_BASE_URL: fake.url },
      until,
    });
  } finally {
    await fake.close();
  }
}

const anAnswer = (client: TestClient) => client.until(() => client.of('audio_end').length >= 1);
const anError = (code: string) => (client: TestClient) =>
  client.until(() => client.of('error').some((message) => message['code'] === code));

test('OpenAI: an answer with words, tools and errors leaves no trace of them', () =>
  withOpenAI(
    {
      transcribe: () => SENTINEL.spoken,
      answer: ({ kind }) =>
        kind === 'text'
          ? [
              sendError('invalid_request_error', 'odd', SENTINEL.provider),
              sendRaw(`{"garbage":"${SENTINEL.provider}`),
              sendRaw({ type: 'response.unknown', delta: SENTINEL.provider }),
              callTool('trigger_action', { [SENTINEL.tool]: SENTINEL.tool }),
              callTool(SENTINEL.tool, { a: SENTINEL.tool }),
              say(SENTINEL.answered, { ms: 300 }),
            ]
          : [say(SENTINEL.answered, { ms: 300 })],
    },
    anAnswer,
    (client) => client.until(() => client.of('audio_end').length >= 2),
  ));

test('OpenAI: neither does a key that is refused', () =>
  withOpenAI({ apiKey: 'another' }, anError('agent_unavailable')));

for (const [how, step] of [
  ['a connection that breaks', reset()],
  ['a close with a reason', closeWith(1011, SENTINEL.provider)],
  ['an answer that fails', endWith('failed', 'server_error')],
] as const) {
  test(`OpenAI: neither does ${how} in the middle of an answer`, () =>
    withOpenAI({ answer: () => [say(SENTINEL.answered, { ms: 200 }), step] }, (client) =>
      client.until(() => client.of('error').some(({ code }) => String(code).startsWith('agent_'))),
    ));
}

test('OpenAI: neither does one that nobody listens at', async () => {
  const port = await freePort();
  await assertNothingLeaks({
    environment: { OPENAI_API_KEY: SENTINEL.key, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
    until: anError('agent_unavailable'),
  });
});

test('Gemini: an answer leaves no trace of its words', () =>
  withGemini(
    { onText: () => [heard(SENTINEL.spoken), speech(300), words(SENTINEL.answered), complete()] },
    anAnswer,
  ));

test('Gemini: neither does a key that is refused', () =>
  withGemini({ apiKey: 'another' }, anError('agent_unavailable')));

test('Gemini: neither does a connection that breaks, or is refused with a reason', async () => {
  await withGemini(
    { onText: () => [speech(200), words(SENTINEL.answered), resetGemini()] },
    anError('agent_lost'),
  );
  await withGemini(
    { onSetup: () => ({ code: 1007, reason: `${SENTINEL.provider} ${SENTINEL.key}` }) },
    anError('agent_unavailable'),
  );
});

async function withRemote(
  onConnection: (connection: FakeConnection) => void,
  until: Conversation['until'],
): Promise<void> {
  const fake = await FakeRemoteAgent.start(onConnection);
  try {
    await assertNothingLeaks({
      environment: { AGENT_TYPE: 'remote', AGENT_URL: `${fake.url}/?key=${SENTINEL.key}` },
      until,
    });
  } finally {
    await fake.stop();
  }
}

/** Answers what is typed, with words, a tool, and messages that are none. */
function candid(connection: FakeConnection, ending: (connection: FakeConnection) => void): void {
  connection.onMessage = ({ type }) => {
    if (type !== 'text') return;
    connection.socket.send(`{"garbage":"${SENTINEL.provider}`);
    connection.send({ type: 'unknown', [SENTINEL.provider]: SENTINEL.provider });
    connection.send({ type: 'user_transcript', transcript: SENTINEL.spoken });
    connection.send({ type: 'response_start' });
    connection.send({ type: 'transcript_delta', delta: `${SENTINEL.answered} ` });
    connection.speak(200);
    ending(connection);
  };
}

test('a remote agent: an answer leaves no trace of its words', () =>
  withRemote(
    (connection) =>
      candid(connection, () => connection.send({ type: 'response_end', transcript: SENTINEL.answered })),
    anAnswer,
  ));

for (const [how, ending] of [
  ['a connection that breaks', (to) => to.socket.terminate()],
  ['a close with a reason', (to) => to.socket.close(1011, SENTINEL.provider)],
] satisfies [string, (connection: FakeConnection) => void][]) {
  test(`a remote agent: neither does ${how} in the middle of an answer`, () =>
    withRemote(
      (connection) => candid(connection, ending),
      (client) =>
        client.until(() => client.of('error').some(({ code }) => String(code).startsWith('agent_'))),
    ));
}

test('a remote agent: neither does one that nobody listens at', async () => {
  const port = await freePort();
  await assertNothingLeaks({
    environment: { AGENT_TYPE: 'remote', AGENT_URL: `ws://127.0.0.1:${port}/?key=${SENTINEL.key}` },
    until: anError('agent_unavailable'),
  });
});
