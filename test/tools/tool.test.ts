import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '../../src/errors.ts';
import { BUILT_IN_TOOLS, loadTools } from '../../src/tools/tool.ts';

/** A tools file with this content, for as long as `use` runs. */
function withFile(content: unknown, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tools-test-'));
  const path = join(folder, 'tools.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  try {
    use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('without a file there is the confetti', () => {
  assert.equal(loadTools(undefined), BUILT_IN_TOOLS);
});

test('tools of the page and of an address are read, with defaults', () => {
  withFile(
    [
      { name: 'show', description: 'Shows.', run: { where: 'client' } },
      {
        name: 'price',
        description: 'Says a price.',
        parameters: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
        run: { where: 'http', url: 'https://shop.example/price', timeoutMs: 2000 },
      },
    ],
    (path) => {
      const [show, price] = loadTools(path);
      assert.deepEqual(show?.run, { where: 'client', answers: false, timeoutMs: 10_000 });
      assert.equal(show?.parameters.type, 'object');
      assert.deepEqual(price?.run, { where: 'http', url: 'https://shop.example/price', timeoutMs: 2000 });
      assert.deepEqual(price?.parameters['required'], ['item']);
    },
  );
});

test('everything that is wrong with a file is said, by place', () => {
  const problems: readonly (readonly [content: unknown, expected: RegExp])[] = [
    ['{', /TOOLS_FILE: .*JSON/],
    [{}, /TOOLS_FILE: .*array/],
    [[{ name: 'a b', description: 'x', run: { where: 'client' } }], /0\.name: expected 1 to 64/],
    [[{ name: 'a', description: 'x', run: { where: 'moon' } }], /0\.run\.where/],
    [[{ name: 'a', description: 'x', run: { where: 'http', url: 'ftp://x' } }], /0\.run\.url/],
    [[{ name: 'a', description: 'x', run: { where: 'http', url: 'http://me:secret@x' } }], /no user/],
    [
      [{ name: 'a', description: 'x', parameters: { type: 'string' }, run: { where: 'client' } }],
      /0\.parameters\.type/,
    ],
    [
      [
        { name: 'a', description: 'x', run: { where: 'client' } },
        { name: 'a', description: 'y', run: { where: 'client' } },
      ],
      /a is there twice/,
    ],
  ];
  for (const [content, expected] of problems) {
    withFile(content, (path) => {
      assert.throws(
        () => loadTools(path),
        (error) => error instanceof ConfigError && expected.test(error.message),
      );
    });
  }
  assert.throws(() => loadTools('no-such-file.json'), ConfigError);
});
