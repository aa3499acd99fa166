import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage } from '../src/http/page/bundle.ts';
import { browserScript } from '../src/http/page/client-library.ts';
import { CODINGS, pack, SUFFIXES } from '../src/http/page/compression.ts';
import { isPackable } from '../src/http/page/page-file.ts';

/**
 * Makes `dist/` (or the folder it is given), for the package and the image: the server as plain JavaScript, its page
 * bundled and compressed, the client library's modules.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);

rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [compiler, '--project', 'tsconfig.build.json', '--outDir', join(dist, 'src')],
  {
    cwd: root,
    stdio: 'inherit',
  },
);

for (const [path, bytes] of await bundlePage(join(root, 'web'), { sourceMaps: false }))
  await put(join('web', path), bytes);
const library = join('client', 'src');
for (const file of readdirSync(join(root, library), { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const script = browserScript(readFileSync(join(root, library, file), 'utf8'));
  await put(join(library, file.replace(/\.ts$/, '.js')), Buffer.from(script));
}
// Redoc brings a whole toolbox along when it is installed; its one script is all that is served.
const redoc = dirname(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'));
for (const file of ['redoc.standalone.js', 'redoc.standalone.js.LICENSE.txt']) {
  cpSync(join(redoc, file), join(dist, 'vendor', file));
}
cpSync(join(root, 'package.json'), join(dist, 'package.json'));

/** Writes a file of the page, and its compressed twins beside it. */
async function put(path: string, bytes: Buffer): Promise<void> {
  const target = join(dist, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  if (!isPackable(path, bytes)) return;
  for (const coding of CODINGS)
    writeFileSync(target + SUFFIXES[coding], await pack(bytes, coding, 'thorough'));
}
