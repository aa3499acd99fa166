import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkSettings } from '../src/check.ts';
import { parseConfig } from '../src/config/config.ts';
import type { Environment } from '../src/config/environment.ts';
import { ConfigError } from '../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function report(environment: Environment): Promise<string> {
  return (await checkSettings(parseConfig(environment))).join('\n');
}

async function problems(environment: Environment): Promise<readonly string[]> {
  try {
    await report(environment);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

test('without settings it says what is live: the offline agent, a face without a download, nobody kept out', async () => {
  const text = await report({ ONNX_MODEL_PATH: join(folder, 'none.onnx') });
  assert.match(text, /^agent +sample_offline, because no API key is set$/m);
  assert.match(text, /^face +the package's own\. .*there is no file/m);
  assert.match(text, /^auth +off/m);
  assert.match(text, /^limits +1000 conversations/m);
  assert.match(text, /^address +http:\/\/0\.0\.0\.0:8080/m);
});

test('what the settings say is what it says', async () => {
  const source = file('knowledge.md', 'Bread costs two.');
  const tools = file('tools.json', '[{"name":"wave","description":"Waves.","run":{"where":"client"}}]');
  const text = await report({
    OPENAI_API_KEY: 'sk-1',
    KNOWLEDGE_BASE_SOURCE: source,
    TOOLS_FILE: tools,
    FACE_ENGINE: 'loudness',
  });
  assert.match(text, /^agent +sample_openai, because OPENAI_API_KEY is set$/m);
  assert.ok(text.includes(source));
  assert.match(text, /^tools +wave$/m);
  assert.match(text, /^face +loudness$/m);
  assert.doesNotMatch(text, /sk-1/, 'no secret is printed');
});

test('an address of knowledge is not asked, and not printed beyond its host', async () => {
  const text = await report({ KNOWLEDGE_BASE_SOURCE: 'https://127.0.0.1:1/k?token=sentinel' });
  assert.match(text, /^knowledge +from 127\.0\.0\.1:1 \(not asked now\)$/m);
});

test('an address of knowledge that cannot be used is a problem, and no word of it is printed', async () => {
  for (const source of ['https://bad host/?key=SENTINEL', 'http:user:SENTINEL@host', 'https:SENTINEL@']) {
    const found = await problems({ KNOWLEDGE_BASE_SOURCE: source });
    assert.equal(found.length, 1, source);
    assert.match(found[0] ?? '', /^KNOWLEDGE_BASE_SOURCE: expected /);
    assert.doesNotMatch(found[0] ?? '', /SENTINEL|host/);
  }
});

test('everything that is named and not there is told at once', async () => {
  const found = await problems({
    AGENT_TYPE: join(folder, 'agent.ts'),
    KNOWLEDGE_BASE_SOURCE: join(folder, 'nowhere.md'),
    TOOLS_FILE: join(folder, 'nowhere.json'),
    FACE_ENGINE: 'wav2arkit',
    ONNX_MODEL_PATH: join(folder, 'nowhere.onnx'),
  });
  assert.deepEqual(
    found.map((problem) => problem.split(':')[0]),
    ['AGENT_TYPE', 'KNOWLEDGE_BASE_SOURCE', 'TOOLS_FILE', 'ONNX_MODEL_PATH'],
  );
});

test('a module of the user’s is loaded and its settings are checked, but it makes no agent', async () => {
  const module = file(
    'agent.mjs',
    `export const agent = { name: 'mine', create: () => { throw new Error('created') }, settings: { '~standard': {
       validate: (all) => all.MOOD ? { value: {} } : { issues: [{ message: 'expected a mood', path: ['MOOD'] }] } } } };`,
  );
  assert.match(await report({ AGENT_TYPE: module, MOOD: 'good' }), /^agent .*agent\.mjs/m);
  assert.deepEqual(await problems({ AGENT_TYPE: module }), ['MOOD: expected a mood']);
});
