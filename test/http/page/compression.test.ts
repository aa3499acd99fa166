import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { chooseCoding, pack } from '../../../src/http/page/compression.ts';

const CASES: readonly (readonly [accepted: string | undefined, chosen: string | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['gzip;q=0, br;q=0.0', undefined],
  ['*', 'br'],
  ['*;q=0.1, br;q=0', 'gzip'],
  ['GZIP ; Q=0.3', 'gzip'],
  ['br;q=nonsense, gzip;q=0.001', 'gzip'],
  ['br;q=2', undefined],
  ['brotli, gzipped', undefined],
];

for (const [accepted, chosen] of CASES) {
  test(`a client that accepts ${accepted === undefined ? 'nothing that it names' : `“${accepted}”`} gets ${chosen ?? 'it as it is'}`, () => {
    assert.equal(chooseCoding(accepted), chosen);
  });
}

test('whatever stands in the header, a coding is chosen only where it is named or meant', () => {
  const pieces = fc.constantFrom('br', 'gzip', '*', ';', 'q=', '0', '1', '.5', ',', ' ', 'x', '\t', '=');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const accepted = parts.join('');
      const chosen = chooseCoding(accepted);
      assert.ok(chosen === undefined || accepted.includes(chosen) || accepted.includes('*'));
    }),
  );
});

test('what is packed comes out as it went in, at either effort', async () => {
  const text = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(200));
  for (const effort of ['quick', 'thorough'] as const) {
    assert.deepEqual(brotliDecompressSync(await pack(text, 'br', effort)), text);
    assert.deepEqual(gunzipSync(await pack(text, 'gzip', effort)), text);
  }
});
