import type { Environment } from './environment.ts';

/**
 * What a program, and Node in particular, needs of its environment to run at all, on Linux, macOS and Windows: where
 * programs and libraries are found, where temporary files go, how Node itself was asked to run. No setting is among them.
 */
const NEEDED: readonly string[] = [
  'PATH',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'DYLD_LIBRARY_PATH',
  'NODE_OPTIONS',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
];

/** The part of an environment that a process of ours may have that has no business with keys and other secrets. */
export function surroundingsOf(environment: Environment): Environment {
  return Object.fromEntries(NEEDED.map((name) => [name, environment[name]]).filter(([, value]) => value));
}
