import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes `client/dist` (or the folder it is given): the client library as plain modules with their types. Of the server
 * only types are used, and only those files are kept beside it: nothing else is needed, nothing can drift.
 */
const client = fileURLToPath(new URL('../client', import.meta.url));
const dist = resolve(process.argv[2] ?? join(client, 'dist'));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json', '--outDir', dist], {
  cwd: client,
  stdio: 'inherit',
});
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const path = join(dist, file);
  if (file.startsWith('src') && file.endsWith('.js')) rmSync(path);
  // The compiler leaves the extensions of type imports as they were written.
  if (!file.endsWith('.d.ts')) continue;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\.[^']*|import\('\.[^']*)\.ts'/g, "$1.js'"));
}
