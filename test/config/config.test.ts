import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Config, layered, parseConfig, readEnvFile } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/environment.ts';
import { SETTINGS_SCHEMA } from '../../src/config/settings.ts';
import { ConfigError } from '../../src/errors.ts';

/**
 * The documented defaults, written out. OpenAI's, Gemini's, the sound's and the server's are those of the reference
 * server that this one replaces: changing one breaks somebody's `.env`.
 */
const DEFAULTS = {
  ASSISTANT_INSTRUCTIONS: 'You are a helpful and friendly AI assistant. Be concise in your responses.',
  OFFLINE_VOICE: 'slt',
  OPENAI_MODEL: 'gpt-realtime',
  OPENAI_VOICE: 'alloy',
  OPENAI_VOICE_SPEED: 1.2,
  OPENAI_TRANSCRIPT_SPEED: 15,
  OPENAI_TRANSCRIPTION_MODEL: 'gpt-4o-transcribe',
  OPENAI_TRANSCRIPTION_LANGUAGE: 'en',
  OPENAI_VAD_TYPE: 'semantic_vad',
  OPENAI_VAD_THRESHOLD: 0.9,
  OPENAI_VAD_SILENCE_DURATION_MS: 500,
  OPENAI_VAD_PREFIX_PADDING_MS: 300,
  OPENAI_NOISE_REDUCTION: 'near_field',
  GEMINI_MODEL: 'gemini-2.5-flash-native-audio-preview-12-2025',
  GEMINI_VOICE: 'Leda',
  GEMINI_API_VERSION: 'v1alpha',
  GEMINI_THINKING_BUDGET: -1,
  GEMINI_GOOGLE_SEARCH_GROUNDING: false,
  GEMINI_PROACTIVE_AUDIO: false,
  GEMINI_CONTEXT_WINDOW_COMPRESSION: true,
  GEMINI_INPUT_SAMPLE_RATE: 16_000,
  GEMINI_OUTPUT_SAMPLE_RATE: 24_000,
  GEMINI_TRANSCRIPT_SPEED: 15,
  GEMINI_VAD_START_SENSITIVITY: 'START_SENSITIVITY_LOW',
  GEMINI_VAD_END_SENSITIVITY: 'END_SENSITIVITY_LOW',
  GEMINI_TURN_COVERAGE: 'TURN_INCLUDES_ALL_INPUT',
  ONNX_MODEL_PATH: './pretrained_models/wav2arkit_cpu.onnx',
  WAV2ARKIT_SAMPLE_RATE: 16_000,
  BLENDSHAPE_FPS: 30,
  AUDIO_CHUNK_DURATION: 0.5,
  INPUT_SAMPLE_RATE: 24_000,
  OUTPUT_SAMPLE_RATE: 24_000,
  PLAYOUT_LEAD_MS: 400,
  TRANSCRIPT_CHARS_PER_SECOND: 16,
  FACE_ENGINE: 'auto',
  FACE_READOUT: 'lam',
  FACE_VISEMES: false,
  FACE_IDENTITY: 11,
  FACE_ADMISSION: true,
  FACE_HOLD_BACK_FRAMES: 3,
  FACE_SILENCE_DBFS: -50,
  FACE_SMOOTHING: true,
  FACE_SYMMETRY: true,
  FACE_CLOSURE_SHARPENING: 1,
  FACE_INTENSITY: 1,
  FACE_LIVELINESS: ['brow', 'squint', 'smile', 'asymmetry'],
  FACE_SMILE: 0.15,
  FACE_SEED: 1,
  FACE_GAINS: new Map(),
  SERVER_HOST: '0.0.0.0',
  SERVER_PORT: 8080,
  MAX_SESSIONS: 1000,
  IDLE_TIMEOUT_SECONDS: 90,
  MAX_LOOP_DELAY_MS: 100,
  DRAIN_SECONDS: 10,
  SSL_HSTS_SECONDS: 0,
  USE_SSL: false,
  DEBUG: false,
  DEBUG_AUDIO_CAPTURE: false,
  DEBUG_AUDIO_CAPTURE_DIR: './audio_captures',
  DEBUG_AUDIO_CAPTURE_MAX_MB: 1000,
  OTEL_EXPORTER_OTLP_HEADERS: {},
  OTEL_SERVICE_NAME: 'avatar-chat-server',
  AUTH_ENABLED: false,
  AUTH_TOKEN_TTL: 3600,
  AUTH_ALLOWED_ORIGINS: ['http://localhost:5173', 'http://localhost:5174', 'http://localhost:5175'],
  AUTH_ENABLE_RATE_LIMITING: true,
  RATE_LIMIT_ORIGIN_BURST: 100,
  RATE_LIMIT_ORIGIN_PER_SECOND: 10,
  RATE_LIMIT_ADDRESS_BURST: 60,
  RATE_LIMIT_ADDRESS_PER_SECOND: 2,
  RATE_LIMIT_TOKEN_BURST: 60,
  RATE_LIMIT_TOKEN_PER_SECOND: 2,
  TRUST_PROXY: false,
} as const;

/** Settings that have no default. */
const WITHOUT_DEFAULT = [
  'MAX_SESSIONS_PER_ORIGIN',
  'MAX_SESSIONS_PER_ADDRESS',
  'MAX_SESSION_SECONDS',
  'MAX_MEMORY_MB',
  'SSL_CERT_FILE',
  'SSL_KEY_FILE',
  'AGENT_TYPE',
  'FACE_PROCESSES',
  'FACE_THREADS',
  'GOOGLE_GEMINI_BASE_URL',
  'OPENAI_BASE_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'TOOLS_FILE',
  'AGENT_URL',
  'KNOWLEDGE_BASE_SOURCE',
  'OPENAI_API_KEY',
  'GEMINI_API_KEY',
  'AUTH_SECRET_KEY',
  'REDIS_URL',
];

/** The problems that parsing reports; fails if there are none. */
function problemsOf(environment: Environment): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return assert.fail('was accepted');
}

/** The names of the variables that parsing complains about. */
function complaints(environment: Environment): string[] {
  return problemsOf(environment).map((problem) => problem.slice(0, problem.indexOf(':')));
}

function settingsOf({
  agent: _agent,
  surroundings: _surroundings,
  ...settings
}: Config): Record<string, unknown> {
  return settings;
}

/** A `.env` file with this text, for as long as `use` runs. */
function withEnvFile<Result>(text: string, use: (path: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'config-test-'));
  try {
    const path = join(folder, '.env');
    writeFileSync(path, text);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('without any variable every setting has its documented default', () => {
  assert.deepEqual(settingsOf(parseConfig({})), DEFAULTS);
  assert.deepEqual(
    [...Object.keys(DEFAULTS), ...WITHOUT_DEFAULT].sort(),
    Object.keys(SETTINGS_SCHEMA.shape).sort(),
  );
});

test('variables of other programs are ignored', () => {
  assert.deepEqual(parseConfig({ HOME: '/root', SERVER_PORTS: 'x', ['__proto__']: 'x' }), parseConfig({}));
});

test('programs that the server starts get what they need to run, and no setting', () => {
  const settings = { OPENAI_API_KEY: 'sentinel', AUTH_SECRET_KEY: 'sentinel', SERVER_HOST: '127.0.0.1' };
  const { surroundings } = parseConfig({
    ...settings,
    HOME: '/root',
    PATH: '/bin',
    SystemRoot: 'C:\\Windows',
  });
  assert.deepEqual(surroundings, { PATH: '/bin', SYSTEMROOT: 'C:\\Windows' });
});

test('an empty variable, or one of white space, counts as unset', () => {
  const empty = Object.fromEntries(Object.keys(SETTINGS_SCHEMA.shape).map((name) => [name, '']));
  assert.deepEqual(settingsOf(parseConfig({ ...empty, OPENAI_NOISE_REDUCTION: undefined })), DEFAULTS);
  assert.equal(parseConfig({ SERVER_PORT: '  ' }).SERVER_PORT, 8080);
  assert.equal(parseConfig({ OPENAI_API_KEY: ' ' }).OPENAI_API_KEY, undefined);
});

test('set to nothing, noise reduction is off', () => {
  assert.equal(parseConfig({ OPENAI_NOISE_REDUCTION: '' }).OPENAI_NOISE_REDUCTION, 'off');
  assert.equal(parseConfig({ OPENAI_NOISE_REDUCTION: ' # none' }).OPENAI_NOISE_REDUCTION, 'off');
  assert.equal(parseConfig({ OPENAI_NOISE_REDUCTION: 'far_field' }).OPENAI_NOISE_REDUCTION, 'far_field');
});

test('the word none as a knowledge source means none', () => {
  assert.equal(parseConfig({ KNOWLEDGE_BASE_SOURCE: 'none' }).KNOWLEDGE_BASE_SOURCE, undefined);
  assert.equal(parseConfig({ KNOWLEDGE_BASE_SOURCE: 'none.md' }).KNOWLEDGE_BASE_SOURCE, 'none.md');
});

test('values are trimmed and read as what they are', () => {
  const config = parseConfig({
    SERVER_PORT: ' 9000 ',
    OPENAI_VOICE_SPEED: '0.25',
    GEMINI_THINKING_BUDGET: '0',
    BLENDSHAPE_FPS: '60',
    OPENAI_VOICE: 'marin',
    AUTH_ALLOWED_ORIGINS: ' https://a.example , https://b.example,, ',
  });
  assert.equal(config.SERVER_PORT, 9000);
  assert.equal(config.OPENAI_VOICE_SPEED, 0.25);
  assert.equal(config.GEMINI_THINKING_BUDGET, 0);
  assert.equal(config.BLENDSHAPE_FPS, 60);
  assert.equal(config.OPENAI_VOICE, 'marin');
  assert.deepEqual(config.AUTH_ALLOWED_ORIGINS, ['https://a.example', 'https://b.example']);
});

test('switches take true and false in the words people use', () => {
  for (const word of ['true', 'TRUE', '1', 'yes', 'on'])
    assert.equal(parseConfig({ DEBUG: word }).DEBUG, true, word);
  for (const word of ['false', 'False', '0', 'no', 'off']) {
    const name = 'AUTH_ENABLE_RATE_LIMITING';
    assert.equal(parseConfig({ [name]: word })[name], false, word);
  }
});

test('a comment after a value is cut off, as docker leaves it in', () => {
  const config = parseConfig({
    SERVER_PORT: '9000 # the port',
    OPENAI_MODEL: 'gpt-realtime\t# the model',
    SERVER_HOST: '# 127.0.0.1',
    ONNX_MODEL_PATH: './models/a#b.onnx',
  });
  assert.equal(config.SERVER_PORT, 9000);
  assert.equal(config.OPENAI_MODEL, 'gpt-realtime');
  assert.equal(config.SERVER_HOST, '0.0.0.0');
  assert.equal(config.ONNX_MODEL_PATH, './models/a#b.onnx');
});

test('free text keeps its # signs', () => {
  const texts = {
    ASSISTANT_INSTRUCTIONS: 'Be kind. # Rules\n# 1: be brief',
    KNOWLEDGE_BASE_SOURCE: 'https://example.com/page #part',
    OPENAI_API_KEY: 'sk-a #b',
    GEMINI_API_KEY: '#g',
    AUTH_SECRET_KEY: 'k#1',
    AGENT_URL: 'wss://agent.example/ws?key=a#b',
  };
  const config = parseConfig(texts);
  for (const [name, text] of Object.entries(texts)) assert.equal(settingsOf(config)[name], text, name);
});

test('names are taken in small letters too; the documented spelling wins', () => {
  assert.equal(parseConfig({ server_port: '9000' }).SERVER_PORT, 9000);
  assert.equal(parseConfig({ Server_Port: '9000' }).SERVER_PORT, 9000);
  assert.equal(parseConfig({ server_port: '9000', SERVER_PORT: '9001' }).SERVER_PORT, 9001);
  assert.equal(parseConfig({ SERVER_PORT: '9001', server_port: '9000' }).SERVER_PORT, 9001);
});

test('every wrong variable is reported by name, all at once, with what was expected', () => {
  const wrong = {
    SERVER_PORT: '65536',
    DEBUG: 'maybe',
    OPENAI_VOICE: 'nobody',
    OPENAI_VOICE_SPEED: '1.6',
    BLENDSHAPE_FPS: '29',
    OPENAI_BASE_URL: 'ftp://api.example',
    AGENT_URL: 'http://agent.example',
    INPUT_SAMPLE_RATE: '24001',
    GEMINI_THINKING_BUDGET: '1.5',
    MAX_SESSIONS: 'many',
    PLAYOUT_LEAD_MS: '-1',
  };
  const problems = problemsOf(wrong);
  assert.deepEqual(complaints(wrong).sort(), Object.keys(wrong).sort());
  for (const problem of problems) assert.match(problem, /^[A-Z_]+: expected /);
  assert.ok(problems.includes('SERVER_PORT: expected a whole number from 0 to 65535'));
  assert.ok(problems.includes('BLENDSHAPE_FPS: expected one of 24, 25, 30, 50, 60'));
});

test('what does not fit together is reported beside what is wrong by itself, each variable once', () => {
  const wrong = { SERVER_PORT: 'x', USE_SSL: 'true', AGENT_TYPE: 'remote', AGENT_URL: 'http://x' };
  assert.deepEqual(complaints(wrong).sort(), ['AGENT_URL', 'SERVER_PORT', 'SSL_CERT_FILE', 'SSL_KEY_FILE']);
});

test('numbers that are none, or just outside their bounds, are refused', () => {
  for (const [name, raws] of Object.entries({
    SERVER_PORT: ['-1', '80.5', 'NaN', 'Infinity', '8080 9090', '80,80', '1e9'],
    OPENAI_VAD_THRESHOLD: ['-0.01', '1.01', '0,5'],
    OPENAI_VOICE_SPEED: ['0.24', '1.51'],
    GEMINI_THINKING_BUDGET: ['-2', '32769'],
    BLENDSHAPE_FPS: ['0', '30.0', '120'],
    WAV2ARKIT_SAMPLE_RATE: ['15999', '16k'],
  })) {
    for (const raw of raws) assert.deepEqual(complaints({ [name]: raw }), [name], `${name}=${raw}`);
  }
});

test('what is wrong is never printed: it may be a secret in the wrong place', () => {
  for (const name of Object.keys(SETTINGS_SCHEMA.shape)) {
    try {
      parseConfig({ [name]: 'hunter2 secret' });
    } catch (error) {
      assert.ok(error instanceof ConfigError && !error.message.includes('hunter2'), name);
    }
  }
});

test('https needs a certificate and its key, and HSTS needs https', () => {
  const files = { SSL_CERT_FILE: 'c.pem', SSL_KEY_FILE: 'k.pem' };
  assert.deepEqual(complaints({ USE_SSL: 'true' }).sort(), ['SSL_CERT_FILE', 'SSL_KEY_FILE']);
  assert.deepEqual(complaints({ USE_SSL: '1', SSL_CERT_FILE: 'c.pem' }), ['SSL_KEY_FILE']);
  assert.equal(parseConfig({ USE_SSL: 'true', ...files }).USE_SSL, true);
  assert.deepEqual(complaints({ SSL_HSTS_SECONDS: '60' }), ['SSL_HSTS_SECONDS']);
  assert.equal(parseConfig({ USE_SSL: '1', ...files, SSL_HSTS_SECONDS: '60' }).SSL_HSTS_SECONDS, 60);
});

test('without AGENT_TYPE the agent is chosen by the keys that are there, OpenAI first', () => {
  for (const openai of [undefined, '', 'sk-1']) {
    for (const gemini of [undefined, '', 'g-1']) {
      for (const AGENT_URL of [undefined, 'ws://agent.example/ws']) {
        const { agent } = parseConfig({ OPENAI_API_KEY: openai, GEMINI_API_KEY: gemini, AGENT_URL });
        const type = openai ? 'sample_openai' : gemini ? 'sample_gemini' : 'sample_offline';
        assert.equal(agent.type, type);
        assert.deepEqual(agent.variables, {});
        assert.match(agent.because, openai ? /OPENAI_API_KEY/ : gemini ? /GEMINI_API_KEY/ : /no API key/);
      }
    }
  }
});

test('AGENT_TYPE beats the keys, as long as it has what it needs', () => {
  const everything = { OPENAI_API_KEY: 'sk-1', GEMINI_API_KEY: 'g-1', AGENT_URL: 'ws://agent.example/ws' };
  for (const [type, needed] of [
    ['sample_openai', 'OPENAI_API_KEY'],
    ['sample_gemini', 'GEMINI_API_KEY'],
    ['remote', 'AGENT_URL'],
    ['sample_offline', undefined],
  ] as const) {
    const { agent } = parseConfig({ ...everything, AGENT_TYPE: type });
    const variables = { ...everything, AGENT_TYPE: type };
    assert.deepEqual(agent, { type, because: 'AGENT_TYPE says so', variables });
    if (needed === undefined) {
      assert.equal(parseConfig({ AGENT_TYPE: type }).agent.type, type);
    } else {
      assert.deepEqual(complaints({ AGENT_TYPE: type }), [needed]);
      assert.deepEqual(complaints({ ...everything, AGENT_TYPE: type, [needed]: ' ' }), [needed]);
    }
  }
});

test('the settings are frozen', () => {
  const config = parseConfig({});
  assert.ok(Object.isFrozen(config));
  assert.ok(Object.isFrozen(config.agent));
  assert.throws(() => Object.assign(config, { SERVER_PORT: 1 }), TypeError);
});

test('any environment is read or refused with a ConfigError', () => {
  const name = fc.oneof(fc.constantFrom(...Object.keys(SETTINGS_SCHEMA.shape)), fc.string());
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('1', 'true', '-1', '0x10', 'none', '#', 'ws://x', undefined),
  );
  fc.assert(
    fc.property(fc.dictionary(name, value), (environment) => {
      try {
        parseConfig(environment);
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a .env file is read; where there is none, nothing is', () => {
  const text =
    'SERVER_PORT=9000 # port\n# a comment\nASSISTANT_INSTRUCTIONS="Be kind. # Really\nTwo lines."\n';
  const config = withEnvFile(text, (path) => parseConfig(readEnvFile(path)));
  assert.equal(config.SERVER_PORT, 9000);
  assert.equal(config.ASSISTANT_INSTRUCTIONS, 'Be kind. # Really\nTwo lines.');
  assert.deepEqual(
    withEnvFile('', (path) => readEnvFile(`${path}.missing`)),
    {},
  );
});

test('a .env that cannot be read is an error, not an empty one', () => {
  assert.throws(() => readEnvFile(tmpdir()), ConfigError);
});

test('variables of the process lie over those of the file; empty ones let it show through', () => {
  const file = {
    SERVER_PORT: '1',
    OPENAI_MODEL: 'from-file',
    OPENAI_NOISE_REDUCTION: 'far_field',
    DEBUG: 'true',
  };
  const own = { SERVER_PORT: '2', OPENAI_MODEL: '', OPENAI_NOISE_REDUCTION: '', DEBUG: undefined };
  const config = parseConfig(layered(own, file));
  assert.equal(config.SERVER_PORT, 2);
  assert.equal(config.OPENAI_MODEL, 'from-file');
  assert.equal(config.OPENAI_NOISE_REDUCTION, 'far_field');
  assert.equal(config.DEBUG, true);
});

test('noise reduction that the process sets to nothing is off, where the file says nothing about it', () => {
  assert.equal(parseConfig(layered({ OPENAI_NOISE_REDUCTION: '' }, {})).OPENAI_NOISE_REDUCTION, 'off');
});

test('a variable of the process wins over the file in whatever case either is written', () => {
  assert.equal(parseConfig(layered({ server_port: '2' }, { SERVER_PORT: '1' })).SERVER_PORT, 2);
  assert.equal(parseConfig(layered({ SERVER_PORT: '2' }, { server_port: '1' })).SERVER_PORT, 2);
});

test('gains name blendshapes, each with a factor and perhaps an offset', () => {
  const { FACE_GAINS } = parseConfig({
    FACE_GAINS: 'jawOpen=1.4, mouthSmileLeft=1+0.1,mouthPressLeft = 0.5-0.05',
  });
  assert.deepEqual(
    [...FACE_GAINS],
    [
      ['jawOpen', { gain: 1.4, offset: 0 }],
      ['mouthSmileLeft', { gain: 1, offset: 0.1 }],
      ['mouthPressLeft', { gain: 0.5, offset: -0.05 }],
    ],
  );
  for (const wrong of [
    'jaw=1',
    'jawOpen',
    'jawOpen=-1',
    'jawOpen=1e9',
    '__proto__=1',
    'jawOpen=1;cheekPuff=2',
  ]) {
    assert.deepEqual(complaints({ FACE_GAINS: wrong }), ['FACE_GAINS']);
  }
});

test('an address of knowledge that is none, or has a password in it, is refused: errors of fetch and of files would quote it', () => {
  for (const wrong of [
    'https://me:secret@example.com/a.md',
    'https://me@example.com/a.md',
    'http:me:secret@example.com/a.md',
    'HTTPS:\\\\me:secret@example.com',
    'https://bad host/?key=secret',
    'http://',
    'https:',
  ]) {
    assert.deepEqual(complaints({ KNOWLEDGE_BASE_SOURCE: wrong }), ['KNOWLEDGE_BASE_SOURCE'], wrong);
  }
  for (const good of [
    'https://example.com/a@b.md',
    'http://localhost:1/?key=a:b@c',
    './https.md',
    'me@example.md',
  ]) {
    assert.equal(parseConfig({ KNOWLEDGE_BASE_SOURCE: good }).KNOWLEDGE_BASE_SOURCE, good);
  }
});

test('allowed origins are origins as browsers write them, and nothing that only looks like one', () => {
  const good = 'https://a.example,http://localhost:5173,https://xn--mnchen-3ya.example,capacitor://localhost';
  assert.equal(parseConfig({ AUTH_ALLOWED_ORIGINS: good }).AUTH_ALLOWED_ORIGINS.length, 4);
  for (const wrong of [
    ',',
    '*',
    'null',
    'a.example',
    'https://a.example/',
    'https://a.example/page',
    'https://A.example',
    'HTTPS://a.example',
    'https://a.example:443',
    'https://me@a.example',
    'https://*.example',
    'https://münchen.example',
    'https://a.example https://b.example',
    'https://a.example;https://b.example',
  ]) {
    assert.deepEqual(complaints({ AUTH_ALLOWED_ORIGINS: wrong }), ['AUTH_ALLOWED_ORIGINS'], wrong);
  }
});

test('trusted proxies are nobody, everybody, a number, or addresses and networks', () => {
  const trusted = (raw: string) => parseConfig({ TRUST_PROXY: raw }).TRUST_PROXY;
  assert.equal(trusted('false'), false);
  assert.equal(trusted('true'), true);
  assert.equal(trusted('2'), 2);
  assert.deepEqual(trusted('10.0.0.0/8, 2001:db8::1,loopback'), ['10.0.0.0/8', '2001:db8::1', 'loopback']);
  for (const wrong of ['yes', '-1', '1.5', '10.0.0.0/33', 'proxy.example', '10.0.0.1;10.0.0.2', ',']) {
    assert.deepEqual(complaints({ TRUST_PROXY: wrong }), ['TRUST_PROXY'], wrong);
  }
});

test('Redis has an address of its own kind', () => {
  const REDIS_URL = 'rediss://user:pass%23word@redis.example:6380/2';
  assert.equal(parseConfig({ REDIS_URL }).REDIS_URL, REDIS_URL);
  assert.equal(parseConfig({ REDIS_URL: 'redis://:word@127.0.0.1' }).SERVER_PORT, 8080);
  for (const wrong of [
    'redis.example:6379',
    'http://redis.example',
    'redis:',
    'redis://x/db',
    'redis://:%zz@x',
    'redis://:%ff@x',
  ]) {
    assert.deepEqual(complaints({ REDIS_URL: wrong }), ['REDIS_URL'], wrong);
  }
});
