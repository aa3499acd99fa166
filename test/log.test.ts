import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentError } from '../src/errors.ts';
import { createLogger } from '../src/log.ts';
import { recordedLog } from './support/recorded-log.ts';

test('lines are JSON with the fields of their logger; DEBUG raises the level', () => {
  const lines: string[] = [];
  const to = { write: (line: string) => lines.push(line) };
  const quiet = createLogger({ debug: false, pretty: false, to }).child({ sessionId: 'a' });
  quiet.debug('not seen');
  quiet.info({ count: 1 }, 'seen');
  createLogger({ debug: true, pretty: false, to }).debug('seen now');
  assert.equal(lines.length, 2);
  const [first] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    [first?.['msg'], first?.['sessionId'], first?.['count'], first?.['level']],
    ['seen', 'a', 1, 30],
  );
});

test('of an error the kind, code, message, stack and causes are told, and nothing that libraries hang on it', () => {
  const { log, lines, raw } = recordedLog();
  const cause = Object.assign(new Error('refused'), {
    code: 'ECONNREFUSED',
    headers: { Authorization: 'Bearer SENTINEL' },
    request: { body: 'SENTINEL' },
  });
  log.warn({ err: new AgentError('agent_unavailable', 'cannot be reached', { cause }) }, 'fault');
  const err = lines()[0]?.['err'] as Record<string, unknown>;
  assert.equal(err['type'], 'AgentError');
  assert.equal(err['code'], 'agent_unavailable');
  assert.match(String(err['stack']), /^\s+at /);
  assert.equal((err['cause'] as Record<string, unknown>)['code'], 'ECONNREFUSED');
  assert.doesNotMatch(raw.join(''), /SENTINEL/);
});

test('text that could not be read is not quoted, neither in the message nor in the stack', () => {
  const { log, raw } = recordedLog();
  try {
    JSON.parse('{"SENTINEL');
  } catch (err) {
    log.error({ err }, 'fault');
    log.error({ err: new Error('outer', { cause: err }) }, 'fault');
  }
  assert.match(raw.join(''), /could not be read/);
  assert.doesNotMatch(raw.join(''), /SENTINEL/);
});

test('errors that cause each other end, and what is no error is named by its type', () => {
  const { log, lines } = recordedLog();
  const one = new Error('one');
  one.cause = new Error('two', { cause: one });
  log.error({ err: one }, 'fault');
  log.error({ err: 'SENTINEL' }, 'fault');
  assert.deepEqual(lines()[1]?.['err'], { type: 'string' });
});

test('fields that could hold a secret or content are covered, should they ever be logged', () => {
  const { log, raw } = recordedLog();
  log.info({ token: 'SENTINEL', message: { text: 'SENTINEL', apiKey: 'SENTINEL' } }, 'careless');
  assert.doesNotMatch(raw.join(''), /SENTINEL/);
});
