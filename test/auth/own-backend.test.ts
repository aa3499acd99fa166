import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Tokens } from '../../src/auth/token.ts';
import { systemClock } from '../../src/time/clock.ts';

const page = readFileSync(new URL('../../docs/auth.md', import.meta.url), 'utf8');
const sample = /```js\n(import \{ createHmac \}[\s\S]*?)```/.exec(page)?.[1] ?? '';
const { avatarToken } = (await import(`data:text/javascript,${encodeURIComponent(sample)}`)) as {
  avatarToken: (key: string, origin: string) => string;
};

test('a token made as docs/auth.md shows it is one of the server’s own, for this key and this origin alone', () => {
  const origin = 'https://www.example.com';
  for (const key of ['9f2c'.repeat(16), 'schlüssel, not ASCII']) {
    const tokens = new Tokens(key, 60, systemClock());
    assert.equal(tokens.fault(avatarToken(key, origin), origin), undefined);
    assert.equal(tokens.fault(avatarToken(key, origin), 'https://example.com'), 'wrong_signature');
    assert.equal(tokens.fault(avatarToken(`${key}!`, origin), origin), 'wrong_signature');
  }
});
