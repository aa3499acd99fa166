import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserScript } from '../src/http/browser-scripts.ts';
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

// The page's scripts, and the client library's, lose their types just as the server takes them off from a checkout.
cpSync(join(root, 'web'), join(dist, 'web'), {
  recursive: true,
  filter: (path) => !/\.ts$|tsconfig\.json$/.test(path),
});
for (const folder of ['web', 'client/src']) {
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = join(root, folder, file);
    const script = join(dist, folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(script), { recursive: true });
    const text = file.startsWith('vendor')
      ? await bundleVendor(source)
      : browserScript(readFileSync(source, 'utf8'));
    writeFileSync(script, text);
  }
}
// Redoc brings a whole toolbox along when it is installed; its one script is all that is served.
const redoc = dirname(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'));
for (const file of ['redoc.standalone.js', 'redoc.standalone.js.LICENSE.txt']) {
  cpSync(join(redoc, file), join(dist, 'vendor', file));
}
cpSync(join(root, 'package.json'), join(dist, 'package.json'));
