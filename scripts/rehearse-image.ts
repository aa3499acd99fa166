import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execForm, type Stage, type Step, stagesOf } from './dockerfile.ts';
import { copyInto, insideOf, makeRoot, runLine, type SandboxOptions, start } from './sandbox.ts';

/**
 * Goes through the Dockerfile without a container engine: `npm run rehearse:image`. Each stage is a folder, each COPY and
 * RUN happens in it (bubblewrap shuts the rest away), and what ENTRYPOINT says is started as the image would start it:
 * process 1, user 65532, nothing writable, no shell. It has to answer, to pass its HEALTHCHECK, to stop on
 * SIGTERM, and to be small. Packages of the base image are this machine's (`apt-get download`), its libraries too.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

/** Of gcr.io/distroless/cc-debian12, uncompressed: glibc, libstdc++, OpenSSL, certificates, time zones. Rounded up. */
const BASE_BYTES = 30e6;
const LIMIT_BYTES = 300e6;

const npmCache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
mkdirSync(npmCache, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'image-rehearsal-'));
chmodSync(folder, 0o755);
const begun = performance.now();
try {
  const stages = stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  for (const stage of stages) {
    build(stage);
    console.log(`${stage.name}: built, ${seconds()} s`);
  }
  const production = stages.at(-1);
  if (production === undefined) throw new Error('the Dockerfile has no stages');
  weigh(production);
  await live(production);
  console.log(`rehearsed in ${seconds()} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function build(stage: Stage): void {
  const at = join(folder, stage.name);
  const before = join(folder, stage.from);
  if (existsSync(before)) {
    execFileSync('cp', ['-al', before, at]); // steps make new files, they do not write into old ones
  } else {
    makeRoot(at);
    if (stage.from.startsWith('node:')) {
      copyInto(at, [join(root, 'node_modules/node/bin/node')], 'usr/local/bin/node');
    }
  }
  for (const step of stage.steps) {
    if (step.keyword === 'COPY') copy(stage, step);
    if (step.keyword === 'RUN') run(stage, step);
  }
}

function copy(stage: Stage, { text }: Step): void {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const target = words.pop() ?? '';
  const place = resolve(workdir(stage), target);
  if (from !== undefined) {
    const sources = words.map((path) => join(folder, from, path));
    for (const source of sources) {
      const isFolder = statSync(source).isDirectory();
      copyInto(
        join(folder, stage.name),
        [source],
        isFolder ? place : join(place, source.split('/').at(-1) ?? ''),
      );
    }
    return;
  }
  const context = inContext();
  const wanted = words[0] === '.' ? context : context.filter((path) => words.includes(path));
  if (words[0] !== '.' && wanted.length < words.length)
    throw new Error(`COPY ${text}: .dockerignore hides some`);
  for (const path of wanted) copyInto(join(folder, stage.name), [join(root, path)], join(place, path));
}

/** What .dockerignore lets through, at the top of the project. */
function inContext(): string[] {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const patterns = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
}

function run(stage: Stage, { text }: Step): void {
  const at = join(folder, stage.name);
  const packages = /apt-get install (?:-\S+ )*([\w -]+)/.exec(text)?.[1]?.trim().split(' ');
  if (packages !== undefined) {
    execFileSync('apt-get', ['download', '-q', ...packages], { cwd: at, stdio: 'ignore' });
    for (const deb of globSync('*.deb', { cwd: at })) {
      execFileSync('dpkg-deb', ['-x', deb, '.'], { cwd: at });
      rmSync(join(at, deb));
    }
    return;
  }
  const args = stage.steps.filter(({ keyword }) => keyword === 'ARG').map((step) => step.text.split('='));
  const environment = Object.fromEntries(
    args.map(([name = '', value = '']) => [name, value.replace(/"/g, '')]),
  );
  const options = sandbox(stage, false);
  runLine(text, { ...options, npmCache, environment: { ...options.environment, ...environment } });
}

function weigh(stage: Stage): void {
  const at = join(folder, stage.name);
  const [app, programs] = [bytesIn(join(at, 'app')), bytesIn(join(at, 'usr/local/bin'))];
  const total = BASE_BYTES + programs + app;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  console.log(
    `size: ${megabytes(total)} MB uncompressed = base image ${megabytes(BASE_BYTES)} + Node ${megabytes(programs)} + /app ${megabytes(app)}`,
  );
  if (total > LIMIT_BYTES) throw new Error(`larger than ${megabytes(LIMIT_BYTES)} MB`);
}

function bytesIn(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

async function live(stage: Stage): Promise<void> {
  const port = String(await freePort());
  const options = sandbox(stage, true);
  const environment = { ...options.environment, SERVER_HOST: '127.0.0.1', SERVER_PORT: port };
  const sealed = { ...options, environment };
  const server = start(commandOf(stage, 'ENTRYPOINT'), sealed);
  const exit = once(server, 'exit');
  const inside = await insideOf(server);
  await ready(server.stdout);
  const health = await fetch(`http://127.0.0.1:${port}/health`);
  console.log(`/health: ${health.status} ${await health.text()}`);
  const [checked] = (await once(start(commandOf(stage, 'HEALTHCHECK'), sealed), 'exit')) as [number];
  process.kill(inside, 'SIGTERM');
  const [code] = (await exit) as [number];
  console.log(`HEALTHCHECK exits with ${checked}; after SIGTERM the server exits with ${code}`);
  if (health.status !== 200 || checked !== 0 || code !== 0) throw new Error('it does not live as it should');
}

async function ready(stdout: NodeJS.ReadableStream | null): Promise<void> {
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface(stdout)) {
    if (line.includes('ready: open')) {
      stdout.resume();
      return;
    }
  }
  throw new Error('the server ended before it was ready');
}

function commandOf(stage: Stage, keyword: string): readonly string[] {
  const command = execForm(stage.steps.find((step) => step.keyword === keyword)?.text ?? '');
  if (command === undefined) throw new Error(`${keyword} of ${stage.name} is not in its JSON form`);
  return command;
}

function sandbox(stage: Stage, sealed: boolean): SandboxOptions {
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', npm_config_cache: '/tmp/.npm' };
  return { root: join(folder, stage.name), workdir: workdir(stage), environment, sealed };
}

/** Of this stage; the ones that it begins with have the same. */
function workdir(stage: Stage): string {
  return stage.steps.find(({ keyword }) => keyword === 'WORKDIR')?.text ?? '/app';
}

function seconds(): string {
  return ((performance.now() - begun) / 1000).toFixed(0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
