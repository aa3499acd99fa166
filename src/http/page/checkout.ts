import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePage } from './bundle.ts';
import { type PageFile, type PageFiles, pageFile } from './page-file.ts';

/** What the sources looked like, and what became of them. */
interface Bundle {
  readonly sources: string;
  readonly files: Promise<ReadonlyMap<string, PageFile>>;
}

/**
 * The page of a checkout: bundled when it is first asked for, and again when a source has changed. Sources that are wrong
 * are tried again when they have changed.
 *
 * @param folder of the page.
 * @param clientFolder of the client library, of which it is made as well.
 */
export function filesOfCheckout(folder: string, clientFolder: string): PageFiles {
  let bundle: Bundle | undefined;
  return {
    find: async (path) => {
      const sources = await stateOf([folder, clientFolder]);
      if (bundle?.sources !== sources) bundle = { sources, files: bundledFiles(folder) };
      return (await bundle.files).get(path);
    },
  };
}

async function bundledFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const [path, bytes] of await bundlePage(folder, { sourceMaps: true })) {
    const file = pageFile(path, bytes, 'quick');
    if (file !== undefined) files.set(path, file);
  }
  return files;
}

/** Names and times of all files in some folders: differs where any file is new, gone or changed. */
async function stateOf(folders: readonly string[]): Promise<string> {
  const states = folders.map(async (folder) => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    return Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          // A file that is gone by now makes the state another one, too.
          const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
          return `${path} ${mtimeMs} ${size}`;
        }),
    );
  });
  return (await Promise.all(states)).flat().sort().join('\n');
}
