import { basename, join } from 'node:path';

/**
 * A library as one small script for the page: what `web/vendor/<name>.ts` exports, with all it needs and nothing else.
 * Made with a tool that is installed for development only; the built package holds the result (scripts/build.ts).
 *
 * @param entry path of the TypeScript file.
 * @throws Error where the tool is missing or the file is wrong.
 */
export async function bundleVendor(entry: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    target: 'es2022',
    legalComments: 'inline',
    outfile: join('vendor', basename(entry)),
  });
  return outputFiles[0]?.text ?? '';
}
