import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { metricsTable } from '../scripts/metrics-table.ts';
import { envExample, errorsTable, settingsTables } from '../scripts/reference-tables.ts';
import { parseConfig } from '../src/config/config.ts';
import { SETTINGS_SCHEMA } from '../src/config/settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

/** What each part of src may import, besides itself. Types of the logger and of knowledge are plain interfaces. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  protocol: ['errors'],
  audio: ['errors'],
  time: ['errors'],
  log: [],
  config: ['errors', 'protocol'],
  knowledge: ['errors', 'log', 'time'],
  version: [],
  check: ['errors', 'config', 'agents', 'face', 'http', 'knowledge', 'tools'],
  'command-line': [],
  agents: ['errors', 'audio', 'time', 'config', 'knowledge', 'log'],
  face: ['errors', 'protocol', 'audio', 'time'],
  tools: ['errors', 'time'],
  redis: ['log', 'time'],
  nodes: ['redis', 'time'],
  auth: ['errors', 'protocol', 'time', 'log', 'redis'],
  access: ['auth', 'config', 'log', 'redis', 'time'],
  load: ['errors', 'time'],
  ending: ['app', 'log'],
  session: ['errors', 'protocol', 'audio', 'time', 'log', 'agents', 'face', 'auth', 'tools'],
  testing: ['errors', 'protocol', 'audio', 'time', 'agents', 'face'],
  metrics: ['errors', 'protocol', 'session'],
  tracing: ['time', 'log', 'session'],
  capture: ['errors', 'audio', 'time', 'log', 'session'],
  faces: ['errors', 'config', 'face', 'log', 'metrics', 'time'],
  http: ['metrics', 'nodes', 'errors', 'protocol', 'time', 'log', 'auth', 'session'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(src, from), 'utf8');
  const targets = [...text.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return targets.map((target) => ({ from, to: relative(src, join(src, dirname(from), target)) }));
});

function part(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, '');
}

test('imports point one way', () => {
  assert.ok(imports.length > 100);
  const wrong = imports.filter(({ from, to }) => {
    if (['app', 'main', 'bin', 'health-check', 'index'].includes(part(from)) || part(from) === part(to))
      return false;
    return !MAY_IMPORT[part(from)]?.includes(part(to));
  });
  assert.deepEqual(wrong, []);
});

test('the session knows agents and faces by their interfaces only', () => {
  const allowed = ['agents/agent.ts', 'face/animator.ts', 'face/frame-rate.ts'];
  const wrong = imports.filter(
    ({ from, to }) =>
      part(from) === 'session' && ['agents', 'face'].includes(part(to)) && !allowed.includes(to),
  );
  assert.deepEqual(wrong, []);
});

test('no agent knows another', () => {
  const folder = (file: string) => file.split('/')[1] ?? '';
  const wrong = imports.filter(
    ({ from, to }) =>
      from.startsWith('agents/') &&
      from.split('/').length > 2 &&
      to.startsWith('agents/') &&
      to.split('/').length > 2 &&
      folder(from) !== folder(to),
  );
  assert.deepEqual(wrong, []);
});

/** Where a process begins: the server's own, and the one that runs a face model. */
const ENTRIES: readonly string[] = ['bin.ts', 'main.ts', 'health-check.ts', 'face/engine/inference-child.ts'];

/** The global's own members; other things may be called `process`, too. */
const TOUCHES_THE_PROCESS =
  /(?<![\w.])process\.(env|argv|exit|exitCode|on|once|off|cwd|chdir|kill|pid|send|disconnect|std\w+|memoryUsage|hrtime)\b/;

test('only where a process begins is it touched', () => {
  const touching = files.filter((file) => {
    const code = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return !ENTRIES.includes(file) && TOUCHES_THE_PROCESS.test(code);
  });
  assert.deepEqual(touching, []);
});

test('no file is too long to be one idea', () => {
  const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 275);
  assert.deepEqual(long, []);
});

test('the documents and .env.example show what the code says: run `npm run docs`', async () => {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  assert.ok(read('README.md').includes(settingsTables()));
  assert.ok(read('docs/errors.md').includes(errorsTable()));
  assert.ok(read('docs/operations.md').includes(await metricsTable()));
  assert.equal(read('.env.example'), envExample());
});

test('.env.example with every line in force is the default configuration', () => {
  const inForce = envExample().replace(/^#(?=[A-Z0-9_]+=)/gm, '');
  assert.equal(Object.keys(parseEnv(inForce)).length, Object.keys(SETTINGS_SCHEMA.shape).length);
  assert.deepEqual(parseConfig(parseEnv(inForce)), parseConfig({}));
});
