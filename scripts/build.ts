import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleVendor } from '../src/http/vendor.ts';

/** Makes `dist/` (or the folder it is given): the server and its page as plain JavaScript, for the package and the image. */
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

// The page's scripts lose their types just as the server takes them off from a checkout (src/http/page.ts).
cpSync(join(root, 'web'), join(dist, 'web'), {
  recursive: true,
  filter: (path) => !/\.ts$|tsconfig\.json$/.test(path),
});
for (const file of readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const path = join(root, 'web', file);
  const script = file.startsWith('vendor')
    ? await bundleVendor(path)
    : stripTypeScriptTypes(readFileSync(path, 'utf8'));
  writeFileSync(join(dist, 'web', file.replace(/\.ts$/, '.js')), script);
}
cpSync(join(root, 'package.json'), join(dist, 'package.json'));
