import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const AGENT = fileURLToPath(new URL('unruly-agent-module.ts', import.meta.url));

/** A server in a process of its own, killed after the test at the latest. */
export interface ServerProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly http: string;
  readonly ws: string;
  /** What it has written to standard output so far. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts a server whose agent does what it is told (unruly-agent-module.ts); resolves when it listens. */
export async function startServer(
  context: Pick<TestContext, 'after'>,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    cwd: tmpdir(), // no .env is found there
    env: {
      PATH: process.env['PATH'],
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: '0',
      AGENT_TYPE: AGENT,
      FACE_ENGINE: 'loudness',
      MAX_LOOP_DELAY_MS: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /ready: open https?:\/\/([^ "]+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then((how) => reject(new Error(`the server ended with ${how}: ${output}`)));
  });
  assert.ok(child.pid);
  return {
    process: child,
    pid: child.pid,
    http: `http://${address}`,
    ws: `ws://${address}/ws`,
    output: () => output,
    ended,
  };
}

/** Why tests that look at processes are left out here; false where they run. */
export const noProc: string | false = process.platform === 'linux' ? false : 'there is no /proc to look at';

/** Processes started by a process and still running. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => statusOf(name)?.parent === pid)
    .map(Number);
}

/** Whether a process runs; one that only waits to be collected does not. */
export function isRunning(pid: number): boolean {
  const state = statusOf(String(pid))?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function statusOf(pid: string): { readonly state: string; readonly parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined; // it has ended meanwhile
  }
}
