import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closed, endsSession, readFault, refused, sessionFault } from '../../../src/agents/openai/errors.ts';

const WALL = Date.UTC(2026, 0, 1);

for (const status of [408, 409, 425, 429, 500, 502, 503, 504]) {
  test(`a handshake refused with ${status} is worth another try`, () => {
    assert.equal(refused(status, undefined, WALL).retryable, true);
  });
}

for (const status of [301, 400, 401, 403, 404, 426]) {
  test(`a handshake refused with ${status} is not`, () => {
    assert.equal(refused(status, undefined, WALL).retryable, false);
  });
}

test('Retry-After counts in seconds or to a date, never below 0 or above an hour, and nonsense not at all', () => {
  const after = (header: string) => refused(429, header, WALL).retryAfterMs;
  assert.equal(after('2'), 2000);
  assert.equal(after('0.5'), 500);
  assert.equal(after(new Date(WALL + 5000).toUTCString()), 5000);
  assert.equal(after(new Date(WALL - 5000).toUTCString()), 0);
  assert.equal(after('999999'), 3_600_000);
  assert.equal(after('soon'), undefined);
});

test('a lost connection is worth another try, unless the server said who we are not', () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000]) {
    assert.equal(closed(code, undefined).retryable, true, `${code}`);
  }
  for (const code of [1008, 3000, 3003]) assert.equal(closed(code, undefined).retryable, false, `${code}`);
});

test('errors of the key or the model end the session for good, its age ends it for now, others not at all', () => {
  const fault = (code: string) => readFault({ error: { type: 'invalid_request_error', code } });
  for (const code of ['invalid_api_key', 'model_not_found', 'beta_api_shape_disabled']) {
    assert.equal(endsSession(fault(code)), true, code);
    assert.equal(sessionFault(fault(code)).retryable, false, code);
  }
  assert.equal(endsSession(fault('session_expired')), true);
  assert.equal(sessionFault(fault('session_expired')).retryable, true);
  assert.equal(endsSession(fault('invalid_value')), false);
});

test('the provider’s own words are not kept: they may quote a key', () => {
  const event = { error: { type: 'x', code: 'invalid_api_key', message: 'Incorrect API key: sk-secret' } };
  assert.ok(!JSON.stringify(readFault(event)).includes('secret'));
  assert.ok(!sessionFault(readFault(event)).message.includes('secret'));
});

test('an error event of any shape can be read', () => {
  for (const event of [{}, { error: null }, { error: [] }, { error: { code: 5, type: {} } }]) {
    assert.deepEqual(readFault(event), {
      type: undefined,
      code: undefined,
      param: undefined,
      eventId: undefined,
    });
  }
});
