import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AgentError,
  AppError,
  ConfigError,
  ERROR_CODES,
  InferenceError,
  LimitError,
  ProtocolError,
  toAppError,
} from '../src/errors.ts';

test('an error says publicly what its code means, and is not retryable, unless told otherwise', () => {
  const error = new ProtocolError('not_json', 'byte 7 of secret.json');
  assert.equal(error.code, 'not_json');
  assert.equal(error.message, 'byte 7 of secret.json');
  assert.equal(error.publicMessage, ERROR_CODES.not_json);
  assert.equal(error.retryable, false);
  assert.equal(error.retryAfterMs, undefined);
  assert.equal(error.cause, undefined);
});

test('an error carries what it is given', () => {
  const cause = new Error('socket hang up');
  const error = new LimitError('rate_limited', 'bucket empty', {
    publicMessage: 'Slower, please.',
    retryable: true,
    retryAfterMs: 250,
    cause,
  });
  assert.equal(error.publicMessage, 'Slower, please.');
  assert.equal(error.retryable, true);
  assert.equal(error.retryAfterMs, 250);
  assert.equal(error.cause, cause);
});

test('every kind is an AppError under its own name', () => {
  for (const Kind of [AppError, ProtocolError, LimitError, AgentError, InferenceError]) {
    const error = new Kind('internal', 'x');
    assert.ok(error instanceof AppError && error instanceof Error);
    assert.equal(error.name, Kind.name);
  }
});

test('wrong settings are told one a line, all of them', () => {
  const error = new ConfigError(['SERVER_PORT: expected a number', 'DEBUG: expected true or false']);
  assert.equal(error.code, 'invalid_config');
  assert.deepEqual(error.problems, ['SERVER_PORT: expected a number', 'DEBUG: expected true or false']);
  assert.equal(error.message.split('\n').length, 3);
  for (const problem of error.problems) assert.ok(error.message.includes(problem));
});

test('a known error stays the same one', () => {
  const error = new AgentError('agent_lost', 'gone', { retryable: true });
  assert.equal(toAppError(error), error);
});

test('an unknown error becomes internal, and its text stays private', () => {
  const thrown = new Error('password is hunter2');
  const error = toAppError(thrown);
  assert.equal(error.code, 'internal');
  assert.equal(error.message, 'password is hunter2');
  assert.equal(error.publicMessage, ERROR_CODES.internal);
  assert.equal(error.cause, thrown);
});

test('things that are not errors are taken too', () => {
  for (const thrown of ['text', 7, null, undefined, { odd: true }]) {
    const error = toAppError(thrown);
    assert.equal(error.code, 'internal');
    assert.equal(error.message, String(thrown));
    assert.equal(error.cause, thrown);
  }
});
