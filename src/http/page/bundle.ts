import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { BuildFailure, Metafile, Plugin } from 'esbuild';

/**
 * Scripts that are asked for by their names, so that these must stay: the page, the embedded avatar (its tag and what that
 * loads), the face alone, the vendor's widget. All else becomes chunks named after what they hold.
 */
const ENTRIES: readonly string[] = [
  'main.ts',
  'embed.ts',
  'embed/avatar-chat.ts',
  'face/face.ts',
  'widget.ts',
];

/** Sources that esbuild cannot make scripts of; the message is its own words, for a developer. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** How a bundle is to be. */
export interface BundleOptions {
  /** Adds files by which a browser's tools show the sources. */
  readonly sourceMaps: boolean;
}

/**
 * The page as it is served, made of its sources: scripts bundled, split and made small, everything else as it is. The
 * scripts of a page are preloaded by its HTML, so that they need not wait for each other.
 *
 * Made with a tool that is installed for development only; the built package holds the result (scripts/build.ts).
 *
 * @param folder of the page (`web`), beside the client library's (`client`).
 * @returns what each file holds, by path within the folder.
 * @throws BundleError where a source is wrong, or the tool is missing.
 */
export async function bundlePage(
  folder: string,
  { sourceMaps }: BundleOptions,
): Promise<ReadonlyMap<string, Buffer>> {
  const { build, formatMessages } = await loadBundler();
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [...ENTRIES],
    outdir: folder,
    outbase: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'eof',
    loader: { '.css': 'text' },
    sourcemap: sourceMaps && 'linked',
    metafile: true,
    write: false,
    logLevel: 'silent',
    plugins: [clientLibraryBeside(folder)],
  }).catch(async (failure: Partial<BuildFailure>) => {
    if (failure.errors === undefined) throw new BundleError(String(failure)); // the tool itself does not run
    const messages = await formatMessages(failure.errors, { kind: 'error' });
    throw new BundleError(messages.join('\n'));
  });
  const files = new Map<string, Buffer>();
  for (const { path, contents } of result.outputFiles)
    files.set(relative(folder, path).replaceAll(sep, '/'), Buffer.from(contents));
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(html|css|svg|png)$/.test(path)) continue;
    const bytes = readFileSync(join(folder, path));
    const whole = path.endsWith('.html') ? withPreloads(bytes.toString(), result.metafile) : bytes;
    files.set(path.replaceAll(sep, '/'), Buffer.from(whole));
  }
  return files;
}

async function loadBundler(): Promise<typeof import('esbuild')> {
  try {
    return await import('esbuild');
  } catch {
    throw new BundleError(
      'The page of a checkout is bundled with esbuild, which is not installed: `npm ci`, or serve what `npm run build` makes.',
    );
  }
}

/** The page's modules name the client library as if it lay in their folder: that is where a server serves it. */
function clientLibraryBeside(folder: string): Plugin {
  return {
    name: 'client library',
    setup: (build) => {
      build.onResolve({ filter: /^\.\.?\/.*client\/src\// }, ({ path, resolveDir }) => {
        const inPage = relative(folder, resolve(resolveDir, path));
        if (!inPage.startsWith(`client${sep}`)) return undefined;
        return { path: join(folder, '..', inPage.replace(/\.js$/, '.ts')), sideEffects: false };
      });
    },
  };
}

/** A page's HTML with the chunks that its script will ask for named before it. */
function withPreloads(html: string, { outputs }: Metafile): string {
  return html.replace(
    /( *)<script type="module" src="\.\/([^"]+)">/g,
    (tag, indent: string, entry: string) => {
      const links = importedBy(entry, outputs).map(
        (chunk) => `${indent}<link rel="modulepreload" href="./${chunk}" />\n`,
      );
      return links.join('') + tag;
    },
  );
}

/** The chunks that a script cannot begin without, those it names itself first. */
function importedBy(entry: string, outputs: Metafile['outputs']): readonly string[] {
  const found = new Set<string>([entry]);
  for (const path of found) {
    for (const { path: chunk, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') found.add(chunk);
  }
  found.delete(entry);
  return [...found];
}
