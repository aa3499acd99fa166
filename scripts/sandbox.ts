import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A user that is nobody: the one of the image. */
export const NOBODY = 65_532;

/** Where a process is put instead of a container: a folder is its root, with this machine's libraries in it. */
export interface SandboxOptions {
  readonly root: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As in the image when it runs: no programs of this machine, nothing writable but /tmp, user nobody, process 1. */
  readonly sealed: boolean;
  /** This machine's, so that what `npm ci` brought once is not brought again; it is seen at /tmp/.npm. */
  readonly npmCache?: string;
}

/** Makes a folder that can be the root of a sandbox. */
export function makeRoot(root: string): void {
  for (const folder of [
    'app',
    'tmp',
    'proc',
    'dev',
    'etc',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/local/bin',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const link of ['bin', 'sbin', 'lib']) symlinkSync(`usr/${link}`, join(root, link));
  mkdirSync(join(root, 'usr/lib64'), { recursive: true });
  symlinkSync('usr/lib64', join(root, 'lib64'));
}

/** Copies files or the content of folders into a root, as COPY does. */
export function copyInto(root: string, sources: readonly string[], target: string): void {
  for (const source of sources) {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    cpSync(source, join(root, target), { recursive: true, verbatimSymlinks: true });
  }
}

/** Runs a line of shell in the sandbox; throws with its output if it fails. */
export function runLine(line: string, options: SandboxOptions): void {
  execFileSync('bwrap', [...confinement(options), '/bin/sh', '-ec', line], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Starts a command in the sandbox; `kill` on the result does not reach it, {@link insideOf} tells which pid does. */
export function start(command: readonly string[], options: SandboxOptions): ChildProcess {
  const isRoot = process.getuid?.() === 0; // whoever is somebody else runs it as himself
  const nobody = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--'];
  const confined = ['bwrap', '--info-fd', '3', ...confinement(options), ...command];
  const [program = '', ...args] = isRoot ? ['setpriv', ...nobody, ...confined] : confined;
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
}

/** The process of a started command that is number 1 inside, by its number outside. */
export async function insideOf(child: ChildProcess): Promise<number> {
  let text = '';
  for await (const chunk of child.stdio[3] as NodeJS.ReadableStream) text += String(chunk);
  return (JSON.parse(text) as { 'child-pid': number })['child-pid'];
}

function confinement({ root, workdir, environment, sealed, npmCache }: SandboxOptions): string[] {
  const variables = Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]);
  const readable = (paths: readonly string[]) => paths.flatMap((path) => ['--ro-bind-try', path, path]);
  const kind = sealed
    ? ['--ro-bind', root, '/', '--as-pid-1', '--clearenv']
    : ['--bind', root, '/', ...readable(['/usr/bin', '/usr/sbin', '/usr/share', '/usr/local/share'])];
  return [
    ...kind,
    ...readable(['/usr/lib', '/usr/lib64', '/etc']),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...(npmCache === undefined ? [] : ['--bind', npmCache, '/tmp/.npm']),
    ...['--unshare-pid', '--die-with-parent', ...variables, '--chdir', workdir],
  ];
}
