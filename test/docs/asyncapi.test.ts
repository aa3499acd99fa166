import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { asyncApi, asyncApiYaml } from '../../scripts/asyncapi.ts';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { AgentError } from '../../src/errors.ts';
import { SERVER_MESSAGE_SCHEMAS } from '../../src/protocol/server-messages.ts';
import { type RunningApp, runApp, TestClient } from '../support/client.ts';
import { speak } from '../support/session.ts';

const file = readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8');

test('docs/asyncapi.yaml is what the code says: run `npm run docs`', () => {
  assert.equal(file, asyncApiYaml());
});

test('it is a valid AsyncAPI document, by the official schema', () => {
  const require = createRequire(import.meta.url);
  const schema = require('@asyncapi/specs/schemas/3.0.0.json') as object;
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false }); // it brings draft 7 along
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  assert.ok(validate(parse(file)), JSON.stringify(validate.errors?.slice(0, 3)));
  // And it could be refused.
  assert.ok(!validate({ ...asyncApi(), operations: { wrong: { action: 'shout' } } }));
});

/** Whether a message of one side is what the document says of its type. */
function validator(side: 'client' | 'server'): (message: { readonly type: string }) => string {
  const { components } = parse(file) as {
    components: { messages: Record<string, { payload: object }> };
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  return (message) => {
    const payload = components.messages[`${side}.${message.type}`]?.payload;
    if (payload === undefined) return `no ${side}.${message.type}`;
    const validate = ajv.compile(payload);
    const { type } = message;
    return validate(message) ? '' : `${type}: ${JSON.stringify(validate.errors?.slice(0, 3))}`;
  };
}

let running: RunningApp;
let silent: RunningApp;
const agent = new ScriptedAgent({
  onText: (text, voice) => {
    voice.emit({ type: 'user_text', text: 'heard', final: true, itemId: 'item' });
    speak(voice, text, new Int16Array(24_000).fill(4000));
    voice.emit({ type: 'text', turnId: text, text: 'Two words.', itemId: 'item' });
    voice.emit({ type: 'tool_call', turnId: text, callId: 'call', name: 'trigger_confetti', args: {} });
    if (text === 'long') return;
    const error = new AgentError('agent_failed', 'scripted');
    voice.emit({ type: 'turn_ended', turnId: text, ...(text === 'fails' ? { error } : {}) });
  },
});

before(async () => {
  running = await runApp({}, { agent });
  silent = await runApp({ FACE_ENGINE: 'off' }, { agent });
});
after(() => Promise.all([running.app.close(), silent.app.close()]));

test('every message of real conversations is what the document says, and all types occur', async () => {
  const client = await TestClient.connect(running.ws);
  const said = [
    { type: 'ping', timestamp: 1 },
    { type: 'audio_stream_start', userId: 'user_1', sampleRate: 24_000 },
    { type: 'audio', data: Buffer.alloc(480).toString('base64') },
    { type: 'audio_stream_end' },
    { type: 'playback', turnId: 'any', playedMs: 0 },
    { type: 'action_result', callId: 'any', result: { ok: true } },
    { type: 'text', data: 'fails' },
  ];
  for (const message of said) client.send(message);
  client.socket.send('no JSON');
  await client.until(() => client.of('audio_end').length === 1);
  client.send({ type: 'text', data: 'long' });
  await client.until(() => client.of('audio_start').length === 2);
  client.send({ type: 'interrupt' });
  await client.until(() => client.of('interrupt').length === 1);
  for (let count = 0; count < 60; count += 1) client.send({ type: 'ping' });
  await client.until(() => client.of('error').some((error) => error['retryAfterMs'] !== undefined));

  const faceless = await TestClient.connect(silent.ws);
  faceless.send({ type: 'text', data: 'short' });
  await faceless.until(() => faceless.of('audio_end').length === 1);

  const received = [...client.received, ...faceless.received];
  const seen = new Set(received.map(({ type }) => type));
  assert.deepEqual([...seen].sort(), Object.keys(SERVER_MESSAGE_SCHEMAS).sort());
  const wrong = [...received.map(validator('server')), ...said.map(validator('client'))].filter(Boolean);
  assert.deepEqual(wrong.slice(0, 3), []);
  await Promise.all([client.close(), faceless.close()]);
});

test('what the server would refuse, the document does, too', () => {
  const check = validator('client');
  for (const wrong of [
    { type: 'text', data: '' },
    { type: 'text' },
    { type: 'audio_stream_start', sampleRate: 1234 },
    { type: 'playback', turnId: 'a', playedMs: -1 },
    { type: 'image', data: '', mimeType: 'image/gif' },
    { type: 'nothing' },
  ]) {
    assert.notEqual(check(wrong), '', JSON.stringify(wrong));
  }
});
