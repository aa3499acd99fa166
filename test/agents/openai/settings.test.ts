import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import { createOpenAIAgent } from '../../../src/agents/openai/openai-agent.ts';
import { closingSilenceMs, sessionConfig } from '../../../src/agents/openai/session-config.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { SETTING_GROUPS } from '../../../src/config/settings.ts';
import { silentLogger } from '../../../src/log.ts';
import { Conversation } from '../../../src/testing/conversation.ts';
import { startFakeOpenAI } from '../../../src/testing/fake-openai.ts';
import type { FakeConnection } from '../../../src/testing/fake-openai-connection.ts';

type Environment = Readonly<Record<string, string>>;

/** Opens a conversation with these settings at a fake server, and shows what arrived there. */
async function arrived<Seen>(environment: Environment, look: (seen: FakeConnection) => Seen): Promise<Seen> {
  const fake = await startFakeOpenAI();
  const config = parseConfig({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: fake.url, ...environment });
  const talk = await Conversation.open(createOpenAIAgent(config, silentLogger()), {
    instructions: 'Be kind.',
  });
  const seen = look(await fake.connection());
  await talk.end();
  await fake.close();
  return seen;
}

const SERVER_VAD = { OPENAI_VAD_TYPE: 'server_vad' };
const inputOf = (session: RealtimeSessionCreateRequest) => session.audio?.input;
const outputOf = (session: RealtimeSessionCreateRequest) => session.audio?.output;

/** Each setting that goes over the wire: an environment, where it arrives, and as what. */
const ON_THE_WIRE: readonly (readonly [Environment, (seen: FakeConnection) => unknown, unknown])[] = [
  [{ OPENAI_API_KEY: 'sk-mine' }, ({ headers }) => headers.authorization, 'Bearer sk-mine'],
  [{ OPENAI_MODEL: 'gpt-realtime-mini' }, ({ model }) => model, 'gpt-realtime-mini'],
  [{ OPENAI_VOICE: 'marin' }, ({ session }) => outputOf(session)?.voice, 'marin'],
  [{ OPENAI_VOICE_SPEED: '0.8' }, ({ session }) => outputOf(session)?.speed, 0.8],
  [
    { OPENAI_TRANSCRIPTION_MODEL: 'whisper-1' },
    ({ session }) => inputOf(session)?.transcription?.model,
    'whisper-1',
  ],
  [{ OPENAI_TRANSCRIPTION_LANGUAGE: 'pt' }, ({ session }) => inputOf(session)?.transcription?.language, 'pt'],
  [
    { OPENAI_VAD_TYPE: 'semantic_vad' },
    ({ session }) => inputOf(session)?.turn_detection,
    { type: 'semantic_vad', create_response: true, interrupt_response: true },
  ],
  [
    { ...SERVER_VAD, OPENAI_VAD_THRESHOLD: '0.3' },
    ({ session }) => inputOf(session)?.turn_detection,
    {
      type: 'server_vad',
      threshold: 0.3,
      silence_duration_ms: 500,
      prefix_padding_ms: 300,
      create_response: true,
      interrupt_response: true,
    },
  ],
  [
    { ...SERVER_VAD, OPENAI_VAD_SILENCE_DURATION_MS: '250', OPENAI_VAD_PREFIX_PADDING_MS: '120' },
    ({ session }) => {
      const turns = inputOf(session)?.turn_detection;
      return turns?.type === 'server_vad' && [turns.silence_duration_ms, turns.prefix_padding_ms];
    },
    [250, 120],
  ],
  [
    { OPENAI_NOISE_REDUCTION: 'far_field' },
    ({ session }) => inputOf(session)?.noise_reduction,
    { type: 'far_field' },
  ],
  [{ OPENAI_NOISE_REDUCTION: '' }, ({ session }) => inputOf(session)?.noise_reduction, null],
];

for (const [environment, look, expected] of ON_THE_WIRE) {
  const names = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  test(`${names.join(' ')} reaches the API`, async () => {
    assert.deepEqual(await arrived(environment, look), expected);
  });
}

test('OPENAI_BASE_URL is where it connects, without the header of the beta API', async () => {
  const { host, beta } = await arrived({}, ({ headers }) => ({
    host: headers.host,
    beta: headers['openai-beta'],
  }));
  assert.match(host ?? '', /^127\.0\.0\.1/);
  assert.equal(beta, undefined);
});

test('OPENAI_TRANSCRIPT_SPEED is the agent’s rate of words', () => {
  const config = parseConfig({ OPENAI_API_KEY: 'sk-test', OPENAI_TRANSCRIPT_SPEED: '11' });
  assert.equal(createOpenAIAgent(config, silentLogger()).charsPerSecond, 11);
});

test('no setting of the agent is left untested here', () => {
  const tested = new Set(ON_THE_WIRE.flatMap(([environment]) => Object.keys(environment)));
  const elsewhere = ['OPENAI_BASE_URL', 'OPENAI_TRANSCRIPT_SPEED'];
  assert.deepEqual(
    Object.keys(SETTING_GROUPS.OpenAI).filter((name) => !tested.has(name) && !elsewhere.includes(name)),
    [],
  );
});

test('the session is set up once, in the GA shape, with instructions and 24 kHz PCM both ways', async () => {
  const seen = await arrived({}, (connection) => connection);
  assert.equal(seen.of('session.update').length, 1);
  assert.equal(seen.session.instructions, 'Be kind.');
  assert.deepEqual(seen.session.output_modalities, ['audio']);
  assert.deepEqual(inputOf(seen.session)?.format, { type: 'audio/pcm', rate: 24_000 });
  assert.deepEqual(outputOf(seen.session)?.format, { type: 'audio/pcm', rate: 24_000 });
  assert.deepEqual(seen.refusals, []);
});

test('tools are told as functions, and the model chooses', () => {
  const parameters = { type: 'object', properties: {} };
  const session = sessionConfig(parseConfig({}), '', [{ name: 'wave', description: 'Waves.', parameters }]);
  assert.deepEqual(session.tools, [{ type: 'function', name: 'wave', description: 'Waves.', parameters }]);
  assert.equal(session.tool_choice, 'auto');
});

test('a closed microphone is followed by more silence than ends a turn', () => {
  const server = parseConfig({ ...SERVER_VAD, OPENAI_VAD_SILENCE_DURATION_MS: '900' });
  assert.ok(closingSilenceMs(server) > 900);
  assert.ok(closingSilenceMs(parseConfig({})) > 4000);
});
