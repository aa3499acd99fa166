import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel counts processor time in, on every Linux in use. */
const TICKS_PER_SECOND = 100;

/** Children of a process, by its id (Linux: read from /proc). */
export function childrenOf(parentPid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parentPid)
    .map(Number);
}

/** Resident memory of a process in bytes; 0 if it has ended. */
export function rssBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
  return Number(match?.[1] ?? 0) * 1024;
}

/** Processor time a process has used, in seconds of one core; NaN if it has ended. */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /, '')
    .split(' ');
  const [user = Number.NaN, system = Number.NaN] = fields.slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

function parentOf(pid: string): number {
  const match = /^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`));
  return Number(match?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended in the meantime
  }
}
