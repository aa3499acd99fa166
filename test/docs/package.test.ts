import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A project that has the package installed, as npm would have unpacked it. */
const project = mkdtempSync(join(tmpdir(), 'user-of-the-package-'));
/** The embedded face model, its card and its readouts. */
const models = join(root, 'models');
const noModels = existsSync(models) ? false : 'there is no models/ in this checkout';
const installed = join(project, 'node_modules', 'avatar-chat-server');
after(() => rmSync(project, { recursive: true }));

before(async () => {
  mkdirSync(installed, { recursive: true });
  const dist = join(installed, 'dist');
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/build.ts', dist], {
    cwd: root,
  });
  for (const file of ['package.json', '.env.example']) copyFileSync(join(root, file), join(installed, file));
  cpSync(join(root, 'docs'), join(installed, 'docs'), { recursive: true });
  if (existsSync(models)) cpSync(models, join(installed, 'models'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  mkdirSync(join(project, 'node_modules', '.bin'));
  symlinkSync(
    join(installed, 'dist', 'src', 'bin.js'),
    join(project, 'node_modules', '.bin', 'avatar-chat-server'),
  );
  symlinkSync(join(root, 'node_modules', '@types'), join(project, 'node_modules', '@types'));
});

/** The example as it is written in a project of one's own: `docs/agents.md` says so. */
function example(): string {
  const text = readFileSync(join(root, 'docs', 'examples', 'my-agent.ts'), 'utf8');
  return text
    .replace("'../../src/index.ts'", "'avatar-chat-server'")
    .replace("from 'zod'", `from '${join(root, 'node_modules', 'zod', 'index.js')}'`);
}

test('the package holds what its entry points need, and no sources', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: installed,
    env: { ...process.env, npm_config_cache: join(project, '.npm') },
  });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  const paths = packed?.files.map(({ path }) => path) ?? [];
  for (const needed of [
    'dist/src/index.js',
    'dist/src/index.d.ts',
    'dist/src/testing.js',
    'dist/src/main.js',
    'dist/src/bin.js',
    'docs/deployment.md',
    'docs/asyncapi.yaml',
    'docs/examples/my-agent.ts',
    'docs/examples/remote-agent.ts',
    '.env.example',
    'dist/vendor/redoc.standalone.js',
    'dist/web/index.html',
    'dist/web/widget.html',
    'dist/client/src/microphone/capture-worklet.js',
    ...['main', 'embed/avatar-chat', 'face/face'].map((entry) => `dist/web/${entry}.js`),
    ...['.br', '.gz'].flatMap((twin) => [`dist/web/index.html${twin}`, `dist/client/src/index.js${twin}`]),
  ]) {
    assert.ok(paths.includes(needed), needed);
  }
  assert.deepEqual(
    paths.filter((path) =>
      /^(?!docs\/examples\/).*(?<!\.d)\.ts$|^dist\/(web|client)\/.*\.(ts|map)$|(^|\/)(test|bench)\//.test(
        path,
      ),
    ),
    [],
  );
  assert.ok(
    paths.some((path) => /^dist\/web\/chunks\/head-face-\w+\.js\.br$/.test(path)),
    'the head, compressed',
  );
});

/** The models may take this much of a download, and the .onnx file most of it. */
const MODELS_AT_MOST_BYTES = 8_000_000;
const ONNX_AT_MOST_BYTES = 6_000_000;

test('the package holds the embedded face model, which is small enough', { skip: noModels }, async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: installed,
    env: { ...process.env, npm_config_cache: join(project, '.npm') },
  });
  const [packed] = JSON.parse(stdout) as { files: { path: string; size: number }[] }[];
  const inModels = packed?.files.filter(({ path }) => path.startsWith('models/')) ?? [];
  const sizeOf = (path: string) => inModels.find((file) => file.path === path)?.size ?? Number.NaN;
  for (const needed of ['embedded-face.json', 'readouts/lam.json', 'readouts/arkit.json'])
    assert.ok(sizeOf(`models/${needed}`) > 0, needed);
  assert.ok(sizeOf('models/embedded-face.onnx') <= ONNX_AT_MOST_BYTES);
  assert.ok(inModels.reduce((sum, { size }) => sum + size, 0) <= MODELS_AT_MOST_BYTES);
});

test('a server of the package speaks with the embedded face', { skip: noModels }, async () => {
  writeFileSync(
    join(project, 'serve.ts'),
    `import { createApp, parseConfig, silentLogger } from 'avatar-chat-server';
     const config = parseConfig({ SERVER_HOST: '127.0.0.1', SERVER_PORT: '0' });
     const app = await createApp(config, silentLogger());
     const { port } = await app.listen();
     console.log(await (await fetch(\`http://127.0.0.1:\${port}/health\`)).text());
     await app.close();`,
  );
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'serve.ts'], {
    cwd: project,
  });
  assert.equal((JSON.parse(stdout) as { face: string }).face, 'embedded');
});

test('an agent in a project of its own passes the contract with what the package gives it', async () => {
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'my-agent.ts'), example());
  writeFileSync(
    join(project, 'contract.ts'),
    `import { silentLogger } from 'avatar-chat-server';
     import { FakeClock, ScriptedAgent, agentContract } from 'avatar-chat-server/testing';
     import { agent as module } from './my-agent.ts';

     const cases = agentContract({
       start: async () => {
         const settings = { BEEP_HZ: 440 };
         const agent = await module.create({ settings, knowledge: { text: () => '' }, log: silentLogger() });
         return { agent, stop: () => agent.close() };
       },
       question: 'Hello',
       longQuestion: 'la '.repeat(500),
     });
     await Promise.all(cases.map(({ run }) => run()));
     console.log(cases.length > 10, new ScriptedAgent().name, new FakeClock().now());`,
  );
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'contract.ts'], {
    cwd: project,
  });
  assert.equal(stdout.trim(), 'true scripted 0');
});

test('its declarations are understood by the compiler of who uses it', async () => {
  writeFileSync(join(project, 'my-agent.ts'), example());
  writeFileSync(join(project, 'wrong.ts'), example().replace('charsPerSecond: 16', "charsPerSecond: 'many'"));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options =
    '--noEmit --strict --target es2025 --module nodenext --types node --skipLibCheck --allowImportingTsExtensions';
  const compile = (file: string) =>
    run(process.execPath, [compiler, ...options.split(' '), file], { cwd: project }).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  assert.equal(await compile('my-agent.ts'), '');
  assert.match(await compile('wrong.ts'), /'string' is not assignable to type 'number'/);
});

/** Runs the command as npx does, and says how it ended. */
function command(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'avatar-chat-server', ...args], {
    cwd: project,
    env: { ...environment, PATH: path, HOME: project, npm_config_cache: join(project, '.npm') },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('npx runs its command: help, version, and what the settings would make live', () => {
  chmodSync(join(installed, 'dist', 'src', 'bin.js'), 0o755); // as npm does on installing
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(command(['--version']).stdout.trim(), version);
  assert.match(command(['--help']).stdout, /^Usage: avatar-chat-server/);
  const checked = command(['--check'], { SERVER_PORT: '9090' });
  assert.equal(checked.status, 0);
  assert.match(checked.stdout, /agent +sample_offline[\s\S]*:9090/);
});

test('npx exits with 64 for an argument it does not know, and with 78 for settings that are wrong', () => {
  const unknown = command(['--port', '80']);
  assert.equal(unknown.status, 64);
  assert.match(unknown.stderr, /'--port'[\s\S]*Usage/);
  const wrong = command(['--check'], { SERVER_PORT: 'many', KNOWLEDGE_BASE_SOURCE: 'nowhere.md' });
  assert.equal(wrong.status, 78);
  assert.match(wrong.stderr, /SERVER_PORT: expected/);
});
