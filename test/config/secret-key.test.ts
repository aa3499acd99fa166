import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseConfig, readEnvFile } from '../../src/config/config.ts';
import { ConfigError } from '../../src/errors.ts';

const HEX = '9f2c'.repeat(16);

/** What is said against a key; nothing if it is taken. */
function complaint(key: string): readonly string[] {
  try {
    assert.equal(parseConfig({ AUTH_SECRET_KEY: key }).AUTH_SECRET_KEY, key);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

test('a key that was meant for a shell, or that holds more than the key, is refused by the name of its variable', () => {
  for (const key of [
    '$(openssl rand -hex 32)',
    '`openssl rand -hex 32`',
    `${HEX} # the same on every node`,
    `${HEX}\t#keep it`,
    '# openssl rand -hex 32; the same on all nodes',
    `"${HEX}"`,
    `'${HEX}'`,
  ]) {
    const [problem = '', ...others] = complaint(key);
    assert.match(problem, /^AUTH_SECRET_KEY: expected the output of `openssl rand -hex 32`/, key);
    assert.ok(!problem.includes('9f2c'), 'and nothing of it is printed');
    assert.deepEqual(others, []);
  }
});

test('whatever else somebody has as a key is taken as it is', () => {
  for (const key of [HEX, 'k#1', 'dollar$ sign', 'quote"inside\'it', '"', 'pass (word)', 'c2VjcmV0+/==']) {
    assert.deepEqual(complaint(key), [], key);
  }
});

test('a line of .env whose key a shell was to make is refused; one with a quoted key is taken without the quotes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'));
  try {
    const read = (line: string) => {
      writeFileSync(join(folder, '.env'), `${line}\n`);
      return readEnvFile(join(folder, '.env'));
    };
    const made = read('AUTH_SECRET_KEY=$(openssl rand -hex 32)     # the same on every node');
    assert.throws(() => parseConfig(made), /AUTH_SECRET_KEY/);
    assert.equal(parseConfig(read(`AUTH_SECRET_KEY="${HEX}"`)).AUTH_SECRET_KEY, HEX);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
