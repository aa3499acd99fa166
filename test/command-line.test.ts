import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELP, parseCommandLine } from '../src/command-line.ts';
import { SETTINGS_SCHEMA } from '../src/config/settings.ts';

test('without arguments it serves', () => {
  assert.deepEqual(parseCommandLine([]), { run: 'serve' });
});

test('each flag has one meaning; help wins over all, version over check', () => {
  assert.deepEqual(parseCommandLine(['--check']), { run: 'check' });
  assert.deepEqual(parseCommandLine(['-v']), { run: 'version' });
  assert.deepEqual(parseCommandLine(['--check', '--version']), { run: 'version' });
  assert.deepEqual(parseCommandLine(['--check', '-h', '-v']), { run: 'help' });
});

test('what it does not know is named, in one line', () => {
  for (const args of [['--port=80'], ['-x'], ['start'], ['--check=yes'], ['--', 'file'], ['--no-check']]) {
    const command = parseCommandLine(args);
    assert.equal(command.run, 'usage');
    assert.match(command.problem, /^[^\n]+$/);
  }
});

test('the help names only settings that exist', () => {
  const named = [...HELP.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b|\bDEBUG\b/g)].map(([name]) => name);
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((name) => !(name in SETTINGS_SCHEMA.shape)),
    [],
  );
});
