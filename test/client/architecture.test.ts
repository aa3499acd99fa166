import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../client/src', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const read = (file: string) => readFileSync(join(source, file), 'utf8');

test('the library takes nothing but types from the server, and nothing from anywhere else', () => {
  assert.ok(files.length > 25);
  for (const file of files) {
    for (const [statement, target = ''] of read(file).matchAll(
      /^(?:import|export)\b[^;]*?\bfrom '([^']+)';/gm,
    )) {
      assert.ok(target.startsWith('.'), `${file}: ${target}`);
      if (target.includes('/src/'))
        assert.match(statement, /^(import|export) type /, `${file}: ${statement}`);
    }
  }
});

test('none of its files is too long to be one idea', () => {
  assert.deepEqual(
    files.filter((file) => read(file).split('\n').length > 275),
    [],
  );
});
