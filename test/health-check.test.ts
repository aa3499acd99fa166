import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runApp } from './support/client.ts';

const program = fileURLToPath(new URL('../src/health-check.ts', import.meta.url));
const args = ['--disable-warning=ExperimentalWarning', program];

function settings(port: number): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', SERVER_HOST: '127.0.0.1', SERVER_PORT: String(port) };
}

test('it exits with 0 while the server with the same settings is well', async () => {
  const { app, port } = await runApp();
  const [code] = (await once(
    spawn(process.execPath, args, { cwd: tmpdir(), env: settings(port) }),
    'exit',
  )) as [number];
  await app.close();
  assert.equal(code, 0);
});

test('it exits with 1 and says why where nobody answers', async () => {
  const { app, port } = await runApp();
  await app.close();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: tmpdir(),
    env: settings(port),
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /ECONNREFUSED/);
});
