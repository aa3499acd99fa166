import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { type PageFile, type PageFiles, pageFile } from './page-file.ts';

/** A TypeScript source as the script a browser runs: without its types, its imports naming scripts. */
export function browserScript(source: string): string {
  return stripTypeScriptTypes(source).replace(/(\b(?:from|import)\s*\(?\s*'\.[^']*)\.ts'/g, "$1.js'");
}

/** The modules of a folder of TypeScript, one by one: `chat.js` is `chat.ts` as {@link browserScript} makes it. */
export function modulesOf(folder: string): PageFiles {
  const made = new Map<string, { readonly mtimeMs: number; readonly file: PageFile | undefined }>();
  return {
    find: async (path) => {
      const name = /^((?:[a-z0-9-]+\/)*[a-z0-9-]+)\.js$/.exec(path)?.[1];
      if (name === undefined) return undefined;
      const source = join(folder, `${name}.ts`);
      const mtimeMs = await stat(source).then(
        (state) => state.mtimeMs,
        () => undefined,
      );
      if (mtimeMs === undefined) return undefined;
      const known = made.get(path);
      if (known?.mtimeMs === mtimeMs) return known.file;
      const file = pageFile(path, Buffer.from(browserScript(await readFile(source, 'utf8'))), 'quick');
      made.set(path, { mtimeMs, file });
      return file;
    },
  };
}
