import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import { CLOSE, closeFor } from '../../src/protocol/close-codes.ts';

test('every close has a code that a server may send and a reason that fits a close frame', () => {
  for (const { code, reason } of Object.values(CLOSE)) {
    const reserved = [1004, 1005, 1006, 1015].includes(code);
    assert.ok(!reserved && ((code >= 1000 && code <= 1014) || (code >= 3000 && code <= 4999)), String(code));
    assert.ok(reason.length > 0 && Buffer.byteLength(reason) <= 123);
  }
  const codes = Object.values(CLOSE).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
});

test('a server that is full or shutting down says to come back later', () => {
  assert.equal(closeFor('too_many_sessions'), CLOSE.tryLater);
  assert.equal(closeFor('too_many_connects'), CLOSE.tryLater);
  assert.equal(closeFor('draining'), CLOSE.tryLater);
  assert.equal(closeFor('overloaded'), CLOSE.tryLater);
  assert.equal(closeFor('too_many_of_origin'), CLOSE.tryLater);
  assert.equal(closeFor('too_many_of_address'), CLOSE.tryLater);
});

test('a session that nobody uses, or that is old enough, ends with a code of its own', () => {
  assert.equal(closeFor('session_idle'), CLOSE.idle);
  assert.equal(closeFor('session_expired'), CLOSE.expired);
});

test('a page or a token that is wrong closes with 1008, at which the widget drops its token', () => {
  assert.equal(CLOSE.notAllowed.code, 1008);
  for (const code of ['origin_not_allowed', 'token_missing', 'token_invalid', 'token_expired'] as const) {
    assert.equal(closeFor(code), CLOSE.notAllowed);
  }
});

test('a fault in the server closes with 1011', () => {
  assert.equal(closeFor('internal'), CLOSE.internal);
});

test('no other error closes the socket: bad messages and a lost agent leave the session alive', () => {
  const closing = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => closeFor(code) !== undefined);
  assert.deepEqual(closing.sort(), [
    'draining',
    'internal',
    'origin_not_allowed',
    'overloaded',
    'session_expired',
    'session_idle',
    'token_expired',
    'token_invalid',
    'token_missing',
    'too_many_connects',
    'too_many_of_address',
    'too_many_of_origin',
    'too_many_sessions',
  ]);
});
