import { type PageFile, type PageFiles, pageFile } from './page-file.ts';

/** How the page of the vendor's widget (web/widget.html) says whether a token is wanted, which the widget cannot find out. */
const [WITHOUT, WITH] = ['data-auth="off"', 'data-auth="on"'];

/** The page's files where clients have to fetch a token: the page of the vendor's widget says so. */
export function toldOfTokens(files: PageFiles): PageFiles {
  const told = new WeakMap<PageFile, PageFile>();
  return {
    find: async (path) => {
      const file = await files.find(path);
      if (file === undefined || path !== 'widget.html') return file;
      const html = file.bytes.toString().replace(WITHOUT, WITH);
      const changed = told.get(file) ?? pageFile(path, Buffer.from(html), 'quick');
      if (changed !== undefined) told.set(file, changed);
      return changed;
    },
  };
}
