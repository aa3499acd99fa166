import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OriginCheck } from '../../src/auth/origin.ts';
import { isOrigin } from '../../src/protocol/origin.ts';
import { LISTED, REFUSED } from '../support/origins.ts';

const check = new OriginCheck(LISTED);

test('listed origins come in', () => {
  for (const origin of LISTED) assert.equal(check.fault(origin), undefined, origin);
});

test('everything else stays out, however much it looks like a listed one', () => {
  for (const [origin, why] of REFUSED) assert.notEqual(check.fault(origin), undefined, why);
});

test('the reason tells a page that is not listed from a header that no browser sends', () => {
  assert.equal(check.fault(undefined), 'missing_origin');
  assert.equal(check.fault('null'), 'malformed_origin');
  assert.equal(check.fault('https://good.com/'), 'malformed_origin');
  assert.equal(check.fault('https://evil.com'), 'unlisted_origin');
});

test('localhost comes in only where it is listed', () => {
  assert.equal(new OriginCheck(['https://good.com']).fault('http://localhost:5173'), 'unlisted_origin');
});

test('one changed character keeps a listed origin out', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LISTED),
      fc.nat(),
      fc.string({ minLength: 0, maxLength: 2 }),
      (origin, at, text) => {
        const place = at % (origin.length + 1);
        const changed = origin.slice(0, place) + text + origin.slice(place + 1);
        fc.pre(!(LISTED as readonly string[]).includes(changed));
        assert.notEqual(check.fault(changed), undefined, changed);
      },
    ),
  );
});

test('what is an origin is exactly what URL makes of it', () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
      const { origin } = new URL(url);
      if (origin.length <= 300) assert.ok(isOrigin(origin), origin);
      if (url !== origin) assert.equal(isOrigin(url), false, url);
    }),
  );
});

test('apps with an origin of their own scheme can be listed', () => {
  for (const origin of ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost']) {
    assert.ok(isOrigin(origin));
    assert.equal(new OriginCheck([origin]).fault(origin), undefined);
  }
  for (const origin of ['javascript:alert(1)', 'data:text/html,x', 'blob:https://good.com/1', 'file:///x']) {
    assert.equal(isOrigin(origin), false, origin);
  }
});
