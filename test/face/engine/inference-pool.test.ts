import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type InferencePool, startInferencePool } from '../../../src/face/engine/inference-pool.ts';
import { testVowel } from '../../../src/face/engine/self-check.ts';
import { writeTinyModel } from '../../../src/testing/onnx/tiny-model.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { eventually } from '../../support/eventually.ts';

const folder = await mkdtemp(join(tmpdir(), 'inference-pool-'));
after(() => rm(folder, { recursive: true }));
const modelPath = await writeTinyModel(folder);
/** Which children there are is asked of /proc. */
const noProc = existsSync('/proc/self/stat') ? false : 'there is no /proc';
const vowel = testVowel(34_133, 16_000);

/** Those that a test which failed has left open. */
const pools = new Set<InferencePool>();
after(() => Promise.all([...pools].map((pool) => pool.close())));

async function start(processes?: number) {
  const notices: string[] = [];
  const before = new Set(await inferenceProcesses());
  const pool = await startInferencePool({
    modelPath,
    sampleRate: 16_000,
    identity: 11,
    processes,
    variables: {},
    clock: systemClock(),
    onNotice: (line) => notices.push(line),
  });
  pools.add(pool);
  const pids = async () => (await inferenceProcesses()).filter((pid) => !before.has(pid));
  return { pool, notices, pids };
}

/** The children this process has now, by the operating system's word. */
async function inferenceProcesses(parent = process.pid): Promise<number[]> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

function run(pool: InferencePool, dueAt = Number.POSITIVE_INFINITY): Promise<Float32Array> {
  const result = pool.run({ samples: vowel, dueAt, signal: new AbortController().signal });
  result.catch(() => undefined);
  return result;
}

/** Whether it runs; one that has ended but that nobody has asked after (a zombie) does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a pool answers many windows, says what it chose, and leaves no process behind', {
  skip: noProc,
}, async () => {
  const { pool, notices, pids } = await start();
  assert.match(notices.join(), /^Face model: 2 processes of 1 thread, [\d.]+ ms a window( alone, .*)?\.$/);
  const children = await pids();
  assert.equal(children.length, 2);
  const results = await Promise.all(Array.from({ length: 40 }, () => run(pool)));
  assert.ok(results.every((weights) => weights.length === 64 * 52));
  assert.equal(pool.stats.runs, 40);
  assert.ok(pool.windowMs.p50 > 0 && pool.windowMs.p95 >= pool.windowMs.p50);
  await pool.close();
  assert.ok(!children.some(isAlive));
});

test('after a kill in the middle of a window the next one is there within half a second, or what a busy machine makes of it', {
  skip: noProc,
}, async () => {
  const startedAt = performance.now();
  const { pool, notices, pids } = await start(1);
  const floorMs = performance.now() - startedAt; // what a process takes at this moment
  const [pid] = await pids();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  const cut = run(pool, 0);
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await assert.rejects(cut, { code: 'face_failed' });
  await run(pool);
  const tookMs = performance.now() - killedAt;
  assert.ok(tookMs <= Math.max(500, 2 * floorMs), `${Math.round(tookMs)} ms`);
  assert.equal(pool.stats.restarts, 1);
  assert.match(notices.at(-1) ?? '', /Lost a face process: .*SIGKILL/);
  await pool.close();
});

test('a process that hangs is killed and replaced, and its window is run by another', {
  skip: noProc,
}, async () => {
  const { pool, pids } = await start(1);
  const [pid] = await pids();
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  assert.equal((await run(pool)).length, 64 * 52);
  assert.equal(isAlive(pid), false);
  await pool.close();
});

test('a model that cannot be used refuses the pool and leaves no process', { skip: noProc }, async () => {
  const before = await inferenceProcesses();
  const broken = await writeTinyModel(join(folder, 'broken'), { fault: 'nan' });
  const options = {
    sampleRate: 16_000,
    identity: 11,
    variables: {},
    clock: systemClock(),
    onNotice: () => undefined,
  };
  await assert.rejects(startInferencePool({ ...options, modelPath: broken }), { code: 'model_unusable' });
  await assert.rejects(startInferencePool({ ...options, modelPath: 'none.onnx' }), {
    code: 'model_unusable',
  });
  assert.deepEqual(await inferenceProcesses(), before);
});

test('the processes end by themselves within a second when the server is killed', {
  skip: noProc,
}, async () => {
  const script = join(folder, 'server.ts');
  const engine = new URL('../../../src/face/engine/inference-pool.ts', import.meta.url).href;
  const time = new URL('../../../src/time/clock.ts', import.meta.url).href;
  await writeFile(
    script,
    `import { startInferencePool } from '${engine}';
     import { systemClock } from '${time}';
     await startInferencePool({ modelPath: '${modelPath}', sampleRate: 16000, identity: 11,
       variables: {}, clock: systemClock(), onNotice: () => undefined });
     process.send?.('up');`,
  );
  const server = fork(script, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  await once(server, 'message');
  const children = await inferenceProcesses(server.pid);
  assert.equal(children.length, 2);
  const killedAt = performance.now();
  server.kill('SIGKILL');
  await eventually('the children end', () => !children.some(isAlive));
  assert.ok(performance.now() - killedAt < 1000);
});
