import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { createOwnAgent } from '../../../src/agents/own/own-agent.ts';
import { ConfigError } from '../../../src/errors.ts';
import { silentLogger } from '../../../src/log.ts';
import { runApp, TestClient } from '../../support/client.ts';
import { pcmOf } from '../../support/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-agent-'));
after(() => rmSync(folder, { recursive: true }));

const GOOD_AGENT = `{
  name: 'mine',
  audio: { inputRate: 16000, outputRate: 16000 },
  capabilities: {
    serverTurnDetection: false, truncation: false, userTranscript: false, text: true, tools: false, vision: false,
  },
  charsPerSecond: 16,
  open: async () => ({}),
  close: async () => undefined,
}`;

let written = 0;

/** Writes a module and gives its path. */
function file(code: string, extension = 'mjs'): string {
  written += 1;
  const path = join(folder, `agent-${written}.${extension}`);
  writeFileSync(path, code);
  return path;
}

function make(type: string, variables: Readonly<Record<string, string>> = {}) {
  return createOwnAgent(type, { variables, knowledge: { text: () => '' }, log: silentLogger() }, [
    'sample_offline',
    'remote',
  ]);
}

/** What the start-up error lists. */
async function problems(type: string, variables?: Readonly<Record<string, string>>): Promise<string> {
  const error = await make(type, variables).then(
    () => assert.fail('it was made'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConfigError, String(error));
  return error.problems.join('\n');
}

test('a module may export its agent by name or by default, in JavaScript or TypeScript', async () => {
  const module = `{ name: 'mine', create: () => (${GOOD_AGENT}) }`;
  for (const path of [
    file(`export const agent = ${module};`),
    file(`export default ${module};`),
    file(`module.exports = { agent: ${module} };`, 'cjs'),
    file(`export const agent: object = ${module};`, 'mts'),
  ]) {
    assert.equal((await make(path)).name, 'mine', path);
  }
  const path = file(`export const agent = { name: 'mine', create: async () => (${GOOD_AGENT}) };`);
  assert.equal((await make(`./${relative('.', path)}`)).name, 'mine', 'from the working directory');
});

test('a package is found where the user is', async () => {
  const home = join(folder, 'node_modules', 'acme-agent');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"name":"acme-agent","type":"module","exports":"./main.js"}');
  writeFileSync(
    join(home, 'main.js'),
    `export const agent = { name: 'acme', create: () => (${GOOD_AGENT}) };`,
  );
  const before = process.cwd();
  process.chdir(folder);
  try {
    assert.equal((await make('acme-agent')).name, 'mine');
  } finally {
    process.chdir(before);
  }
});

test('what is not there is said, and a misspelt name is told from a package', async () => {
  assert.match(await problems('./nowhere.ts'), /^AGENT_TYPE: \.\/nowhere\.ts: there is no such file$/);
  assert.match(
    await problems('sampel_offline'),
    /neither an agent of this server \(sample_offline, remote\) nor an installed package/,
  );
  assert.match(await problems(file("import 'not-installed';")), /cannot be loaded: .*not-installed/);
});

test('what cannot be loaded is said with the reason', async () => {
  const broken = file('export const agent = {\n  name: ;\n};');
  assert.match(await problems(broken), /cannot be loaded: SyntaxError: Unexpected token .*node --check/);
  assert.match(await problems(file('enum Colour { Red }', 'ts')), /cannot be loaded: .*enum/s);
  assert.match(
    await problems(file("throw new Error('no luck today');")),
    /cannot be loaded: Error: no luck today/,
  );
});

test('a module of another shape is told everything that is wrong with it', async () => {
  assert.match(await problems(file('export const other = 1;')), /expected an export `agent`/);
  assert.match(await problems(file('export const agent = 5;')), /expected an export `agent`/);
  const several = await problems(file("export const agent = { name: '', settings: {}, create: 'x' };"));
  assert.match(several, /name: expected a text/);
  assert.match(several, /settings: expected a schema/);
  assert.match(several, /create: expected a function/);
});

test('its settings are read from the environment, and all that is wrong is told by name', async () => {
  const path = file(`
    import { z } from '${import.meta.resolve('zod')}';
    export const agent = {
      name: 'mine',
      settings: z.object({ ACME_KEY: z.string(), ACME_SPEED: z.coerce.number().max(2).default(1) }),
      create: ({ settings }) => ({ ...${GOOD_AGENT}, name: JSON.stringify(settings) }),
    };`);
  const made = await make(path, { ACME_KEY: 'k', ACME_SPEED: '1.5', PATH: '/bin' });
  assert.deepEqual(JSON.parse(made.name), { ACME_KEY: 'k', ACME_SPEED: 1.5 });
  const wrong = await problems(path, { ACME_SPEED: '9' });
  assert.match(wrong, /^ACME_KEY: /m);
  assert.match(wrong, /^ACME_SPEED: /m);
});

test('a create that fails, or makes something else, is a start-up error', async () => {
  const creating = (create: string) => file(`export const agent = { name: 'mine', create: ${create} };`);
  assert.match(await problems(creating("() => { throw new Error('no key'); }")), /create failed: no key/);
  assert.match(await problems(creating('async () => undefined')), /create made no agent: expected an object/);
  const odd = await problems(
    creating(`() => ({ ...${GOOD_AGENT}, audio: { inputRate: 16000, outputRate: 'fast' }, open: 5 })`),
  );
  assert.match(odd, /audio\.outputRate: expected a sample rate in Hz/);
  assert.match(odd, /open: expected a function/);
});

test('the example agent answers through the real server with its settings', async () => {
  const running = await runApp({ AGENT_TYPE: './docs/examples/my-agent.ts', BEEP_HZ: '300' });
  const page = await TestClient.connect(running.ws);
  page.send({ type: 'text', data: 'one two' });
  await page.until(() => page.of('transcript_done').length === 2);
  assert.equal(String(page.of('transcript_done')[1]?.['text']).trim(), 'one two');
  const crossings = pcmOf(page.of('sync_frame')).filter(
    (sample, at, pcm) => sample >= 0 && (pcm[at - 1] ?? 0) < 0,
  );
  assert.ok(Math.abs(crossings.length - 300 * 0.36) < 6, `${crossings.length} cycles in 360 ms`);
  assert.deepEqual(page.of('error'), []);
  await page.close();
  await running.app.close();
});

test('the server does not start with an example whose settings are wrong', async () => {
  await assert.rejects(
    runApp({ AGENT_TYPE: './docs/examples/my-agent.ts', BEEP_HZ: 'loud' }),
    (error) => error instanceof ConfigError && /BEEP_HZ/.test(error.message),
  );
});
