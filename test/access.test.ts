import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createDoor } from '../src/access.ts';
import { parseConfig } from '../src/config/config.ts';
import { FakeClock } from '../src/time/fake-clock.ts';

const VISITOR = { requestId: 'r', origin: 'http://localhost:5173', address: '192.0.2.1' };

/** A door by these settings, and what was said at its making. */
function doorBy(environment: Readonly<Record<string, string>>) {
  const said: { readonly level: number; readonly msg: string }[] = [];
  const log = pino({}, { write: (line: string) => said.push(JSON.parse(line)) });
  const config = parseConfig(environment);
  const door = createDoor({ config, clock: new FakeClock(), log, redis: undefined });
  return { door, said };
}

test('a secret that nobody set is made, differs from door to door, and is warned of without being shown', async () => {
  const one = doorBy({ AUTH_ENABLED: 'true' });
  const two = doorBy({ AUTH_ENABLED: 'true' });
  assert.equal(one.said.length, 1);
  assert.equal(one.said[0]?.level, 40);
  assert.match(one.said[0]?.msg ?? '', /AUTH_SECRET_KEY is not set/);
  assert.doesNotMatch(JSON.stringify(one.said), /[0-9a-f]{32}/);
  const answer = await one.door.issueToken(VISITOR);
  assert.ok(answer.outcome === 'issued');
  assert.equal(await one.door.knock(VISITOR, answer.token), undefined);
  assert.equal((await two.door.knock(VISITOR, answer.token))?.code, 'token_invalid');
});

test('a secret of fewer than 32 bytes is warned of loudly, one of 32 is not', () => {
  const short = doorBy({ AUTH_ENABLED: 'true', AUTH_SECRET_KEY: 'sentinel'.padEnd(31, 'x') });
  assert.match(short.said[0]?.msg ?? '', /TOO SHORT/);
  assert.equal(short.said[0]?.level, 40);
  assert.doesNotMatch(JSON.stringify(short.said), /sentinel/);
  assert.deepEqual(doorBy({ AUTH_ENABLED: 'true', AUTH_SECRET_KEY: 'x'.repeat(32) }).said, []);
  assert.deepEqual(doorBy({ AUTH_ENABLED: 'true', AUTH_SECRET_KEY: 'ü'.repeat(16) }).said, []);
});

test('with authentication off no secret is needed', () => {
  assert.deepEqual(doorBy({}).said, []);
  assert.deepEqual(doorBy({ AUTH_SECRET_KEY: 'short' }).said, []);
});

test('nodes with the same secret take each other’s tokens', async () => {
  const environment = { AUTH_ENABLED: 'true', AUTH_SECRET_KEY: 'x'.repeat(32) };
  const answer = await doorBy(environment).door.issueToken(VISITOR);
  assert.ok(answer.outcome === 'issued');
  assert.equal(await doorBy(environment).door.knock(VISITOR, answer.token), undefined);
});

test('the budgets are those of the settings, and can be switched off', async () => {
  const through = async (environment: Readonly<Record<string, string>>) => {
    const { door } = doorBy(environment);
    let count = 0;
    while (count < 200 && (await door.knock(VISITOR, undefined)) === undefined) count += 1;
    return count;
  };
  assert.equal(await through({}), 60);
  assert.equal(await through({ RATE_LIMIT_ADDRESS_BURST: '7' }), 7);
  assert.equal(await through({ RATE_LIMIT_ORIGIN_BURST: '5' }), 5);
  assert.equal(await through({ AUTH_ENABLE_RATE_LIMITING: 'false' }), 200);
});
