import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import { CLOSE, closeFor } from '../../src/protocol/close-codes.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const section = /^## Close codes$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
const rows = [...section.matchAll(/^\| ([\d, ]+) \| (.+) \|$/gm)].map(([, codes = '', when = '']) => ({
  codes: codes.split(', ').map(Number),
  when,
}));

test('every code that the server closes with stands once in docs/errors.md, and the table is in order', () => {
  const codes = rows.flatMap((row) => row.codes);
  for (const { code } of Object.values(CLOSE)) {
    assert.equal(codes.filter((other) => other === code).length, 1, String(code));
  }
  assert.deepEqual(codes, [...new Set(codes)], 'none twice');
  assert.deepEqual(
    rows.map((row) => row.codes[0]),
    rows.map((row) => row.codes[0]).toSorted((a = 0, b = 0) => a - b),
  );
});

test('every error that ends a conversation is named in the row of its close code', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const closed = closeFor(code)?.code;
    if (closed === undefined) continue;
    const when = rows.find(({ codes }) => codes.includes(closed))?.when ?? '';
    const named = code.startsWith('token_') ? 'token_…' : code;
    assert.ok(when.includes(`\`${named}\``), `${code} at ${closed}`);
  }
});
