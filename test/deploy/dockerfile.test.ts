import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { execForm, type Stage, type Step, stagesOf } from '../../scripts/dockerfile.ts';

/** What hadolint would say, as far as it matters here; `npm run rehearse:image` goes through the steps themselves. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const stages = stagesOf(dockerfile);

function all(keyword: string, within: readonly Stage[] = stages): Step[] {
  return within.flatMap(({ steps }) => steps.filter((step) => step.keyword === keyword));
}

const production = stages.slice(-1);

test('the Dockerfile has no mistakes and nothing deprecated in it', () => {
  const found = validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  assert.deepEqual(found, []);
});

test('a mistake in it would be found', () => {
  assert.ok(validate(`${dockerfile}\nCOPPY a b\n`).length > 0);
});

test('each stage begins with an image that has a tag, or with a stage before it', () => {
  const names = stages.map(({ name }) => name);
  for (const [index, { from }] of stages.entries()) {
    assert.ok(names.slice(0, index).includes(from) || /^[\w./-]+:(?!latest$)[\w.-]+$/.test(from), from);
  }
});

test('packages are installed exactly, without recommended ones, and leave no lists behind', () => {
  for (const { text } of all('RUN').filter((step) => step.text.includes('apt-get install'))) {
    assert.match(
      text,
      /^apt-get update .*install -y --no-install-recommends .*rm -rf \/var\/lib\/apt\/lists\/\*$/,
    );
  }
  for (const { text } of all('RUN').filter((step) => /\bnpm (ci|install)\b/.test(step.text))) {
    assert.match(text, /^npm ci (--omit=dev )?--ignore-scripts$/);
  }
});

test('nothing is fetched that is not named: no ADD, no curl, no wget, no sudo', () => {
  assert.deepEqual(all('ADD'), []);
  assert.ok(all('RUN').every(({ text }) => !/\b(curl|wget|sudo)\b/.test(text)));
});

test('what is shipped runs as a number that is not root’s, is asked how it is, and is process 1 behind tini', () => {
  assert.match(all('USER', production)[0]?.text ?? '', /^[1-9]\d*:[1-9]\d*$/);
  assert.deepEqual(execForm(all('HEALTHCHECK', production)[0]?.text ?? ''), [
    'node',
    'dist/src/health-check.js',
  ]);
  assert.deepEqual(execForm(all('ENTRYPOINT', production)[0]?.text ?? ''), [
    'tini-static',
    '--',
    'node',
    'dist/src/main.js',
  ]);
  assert.ok(existsSync(join(root, 'src/health-check.ts')) && existsSync(join(root, 'src/main.ts')));
});

test('what is shipped holds no shell line, and no secret can come in by an argument', () => {
  assert.deepEqual(all('RUN', production), []);
  assert.ok(all('ARG').every(({ text }) => !/key|secret|token|password/i.test(text)));
});

test('the builder is not sent what the image is not made of', () => {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  assert.ok(lines.includes('*'));
  assert.ok(!lines.some((line) => /^!\.env$|node_modules|\.git/.test(line)));
});
