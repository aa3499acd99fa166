import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What git puts around two versions of a line, when it cannot choose. */
const MARKER = /^(?:[<>|]{7} .*|={7})$/m;

const isTracked =
  spawnSync('git', ['ls-files', 'package.json'], { cwd: root, encoding: 'utf8' }).stdout ?? '';
const skip = isTracked.trim() === 'package.json' ? false : 'this is no git checkout, or git is not installed';

test('no tracked text file holds the marks of a merge that was not finished', { skip }, () => {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const found = paths.filter((path) => {
    if (path === '' || !existsSync(join(root, path))) return false;
    const bytes = readFileSync(join(root, path));
    return !bytes.includes(0) && MARKER.test(bytes.toString());
  });
  assert.ok(paths.length > 500);
  assert.deepEqual(found, []);
});

test('the marks are known as git writes them', () => {
  for (const line of [
    `${'<'.repeat(7)} HEAD`,
    '='.repeat(7),
    `${'|'.repeat(7)} base`,
    `${'>'.repeat(7)} limits`,
  ])
    assert.match(`a\n${line}\nb`, MARKER);
  for (const line of ['='.repeat(8), '<'.repeat(7), '| a |', '>>> prompt']) assert.doesNotMatch(line, MARKER);
});
