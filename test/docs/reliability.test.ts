import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');

/** Every row of the checklist. */
const IDS =
  'P1 P2 P3 P4 P5 P6 P7 P8 M1 M2 M3 S1 S2 S3 X1 X2 X3 X4 A1 A2 A3 A4 L1 U1 U2 U3 I1 I2 I3 D1 D2 D3 C1 C2 B1 O1 Q1';

const rows = page.split('\n').filter((line) => /^\| [A-Z]\d /.test(line));

test('docs/reliability.md has a row for each promise, once and in order', () => {
  assert.equal(rows.map((row) => row.slice(2, 4)).join(' '), IDS);
});

test('each promise names a proof, and every test and bench that is named exists', () => {
  const benches = readdirSync(join(root, 'bench', 'figures')).map((file) => file.replace(/\.ts$/, ''));
  for (const row of rows) {
    const [, , , proof = ''] = row.split('|');
    const named = [...proof.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    assert.ok(named.length > 0 || proof.includes('comes with'), row);
    for (const name of named) {
      const isThere = name.startsWith('test/') ? existsSync(join(root, name)) : benches.includes(name);
      assert.ok(isThere || name.startsWith('npm run '), name);
    }
  }
});
