import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CODINGS, type Coding, SUFFIXES } from './compression.ts';
import { type PageFile, type PageFiles, pageFile, typeOf } from './page-file.ts';

/** The files of a built folder: read once, when one is first asked for; as many bytes are held as the package has. */
export function filesOfBuild(folder: string): PageFiles {
  let files: Promise<ReadonlyMap<string, PageFile>> | undefined;
  return {
    find: async (path) => {
      files ??= readAll(folder);
      try {
        return (await files).get(path);
      } catch (error) {
        files = undefined; // a disk that fails once is asked again
        throw error;
      }
    },
  };
}

async function readAll(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const contents = new Map<string, Buffer>();
  for (const { parentPath, name } of (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (file) => file.isFile(),
  )) {
    const path = join(parentPath, name);
    contents.set(relative(folder, path).replaceAll(sep, '/'), await readFile(path));
  }
  const files = new Map<string, PageFile>();
  for (const [path, bytes] of contents) {
    if (typeOf(path) === undefined) continue;
    const twins = CODINGS.flatMap((coding): [Coding, Buffer][] => {
      const twin = contents.get(path + SUFFIXES[coding]);
      return twin === undefined ? [] : [[coding, twin]];
    });
    const file = pageFile(path, bytes, 'quick', new Map(twins));
    if (file !== undefined) files.set(path, file);
  }
  return files;
}
