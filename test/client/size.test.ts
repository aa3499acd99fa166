import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes a page loads of this module with all it imports: bundled, minified, compressed. */
async function weightOf(module: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../client/src/${module}`, import.meta.url))],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' },
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).byteLength;
}

test('the library’s core weighs less than 15 KB compressed, and an adapter next to nothing', async (t) => {
  const core = await weightOf('index.ts');
  t.diagnostic(`core: ${core} bytes`);
  assert.ok(core > 1000 && core < 15_000, `${core} bytes`);
  for (const adapter of ['three', 'vrm', 'talkinghead', 'callback']) {
    const bytes = await weightOf(`adapters/${adapter}.ts`);
    t.diagnostic(`${adapter}: ${bytes} bytes`);
    assert.ok(bytes < 2000, `${adapter}: ${bytes} bytes`);
  }
});
