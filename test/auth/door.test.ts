import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Audit } from '../../src/auth/audit.ts';
import { Door } from '../../src/auth/door.ts';
import { MemoryLimiter } from '../../src/auth/memory-limiter.ts';
import { OriginCheck } from '../../src/auth/origin.ts';
import type { RateLimiter } from '../../src/auth/rate-limiter.ts';
import { Rates } from '../../src/auth/rates.ts';
import { Tokens } from '../../src/auth/token.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { REFUSED } from '../support/origins.ts';

const LIMITS = {
  connectsPerOrigin: { capacity: 100, refillPerSecond: 10 },
  connectsPerAddress: { capacity: 60, refillPerSecond: 2 },
  tokensPerAddress: { capacity: 3, refillPerSecond: 1 },
  refusalsPerAddress: { capacity: 300, refillPerSecond: 2 },
};

const ORIGIN = 'https://good.com';

/** A visitor; each has an address of its own unless it is given. */
function visitor(origin: string | undefined = ORIGIN, address?: string) {
  visits += 1;
  const own = `10.0.${visits >> 8}.${visits & 255}`;
  return { requestId: `request ${visits}`, origin, address: address ?? own };
}
let visits = 0;

interface House {
  readonly clock: FakeClock;
  readonly door: Door;
  readonly tokens: Tokens;
  /** What was written into the log. */
  readonly lines: Record<string, unknown>[];
}

function house({ auth = true, limiter }: { auth?: boolean; limiter?: RateLimiter } = {}): House {
  const clock = new FakeClock();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const tokens = new Tokens('s'.repeat(32), 3600, clock);
  const local = new MemoryLimiter(clock);
  const door = new Door({
    auth: auth ? { origins: new OriginCheck([ORIGIN]), tokens } : undefined,
    rates: new Rates(limiter ?? local, local, LIMITS),
    audit: new Audit(log, clock),
    clock,
  });
  return { clock, door, tokens, lines };
}

test('a listed page with a good token comes in, and asking for one gives one', async () => {
  const { door } = house();
  const answer = await door.issueToken(visitor());
  assert.ok(answer.outcome === 'issued');
  assert.equal(answer.origin, ORIGIN);
  assert.equal(await door.knock(visitor(), answer.token), undefined);
});

test('a wrong page is refused before its token is looked at, and gets none', async () => {
  const { door, tokens } = house();
  for (const [origin, why] of REFUSED) {
    const knocking = { ...visitor(), origin };
    assert.equal((await door.knock(knocking, tokens.issue(origin ?? '')))?.code, 'origin_not_allowed', why);
    const { outcome } = await door.issueToken(knocking);
    const missing = origin === undefined || origin === '';
    assert.equal(outcome, missing ? 'missing_origin' : 'origin_not_allowed', why);
  }
});

test('a wrong token is refused with the code that says what would help', async () => {
  const { door, tokens, clock } = house();
  const old = tokens.issue(ORIGIN);
  await clock.advance(3_601_000);
  const code = async (token: string | undefined) => (await door.knock(visitor(), token))?.code;
  assert.equal(await code(undefined), 'token_missing');
  assert.equal(await code(''), 'token_missing');
  assert.equal(await code('junk'), 'token_invalid');
  assert.equal(await code(tokens.issue('https://other.com')), 'token_invalid');
  assert.equal(await code(old), 'token_expired');
});

test('of one page 100 come in at once; the 101st is told to wait, and one more comes in after exactly 100 ms', async () => {
  const { door, tokens, clock } = house();
  const token = tokens.issue(ORIGIN);
  for (let count = 0; count < 100; count += 1) assert.equal(await door.knock(visitor(), token), undefined);
  const refusal = await door.knock(visitor(), token);
  assert.equal(refusal?.code, 'too_many_connects');
  assert.equal(refusal?.retryAfterMs, 100);
  await clock.advance(99);
  assert.equal((await door.knock(visitor(), token))?.retryAfterMs, 1);
  await clock.advance(1);
  assert.equal(await door.knock(visitor(), token), undefined);
  assert.equal((await door.knock(visitor(), token))?.code, 'too_many_connects');
});

test('one address uses up its own budget, not that of the page', async () => {
  const { door, tokens } = house();
  const token = tokens.issue(ORIGIN);
  const outcomes = [];
  for (let count = 0; count < 500; count += 1) {
    outcomes.push(await door.knock(visitor(ORIGIN, '192.0.2.1'), token));
  }
  assert.equal(outcomes.filter((refusal) => refusal === undefined).length, 60);
  assert.equal(outcomes.at(-1)?.retryAfterMs, 500);
  for (let count = 0; count < 40; count += 1) assert.equal(await door.knock(visitor(), token), undefined);
});

test('neighbours in one IPv6 network share a budget', async () => {
  const { door, tokens } = house();
  const token = tokens.issue(ORIGIN);
  let through = 0;
  for (let host = 1; host <= 100; host += 1) {
    const refusal = await door.knock(visitor(ORIGIN, `2001:db8::${host.toString(16)}`), token);
    if (refusal === undefined) through += 1;
  }
  assert.equal(through, 60);
});

test('those without a good token cost nobody’s budget but that of refusals', async () => {
  const { door, tokens } = house();
  for (let count = 0; count < 500; count += 1) await door.knock(visitor(ORIGIN, '192.0.2.1'), 'junk');
  assert.equal(await door.knock(visitor(ORIGIN, '192.0.2.1'), tokens.issue(ORIGIN)), undefined);
  assert.equal((await door.issueToken(visitor(ORIGIN, '192.0.2.1'))).outcome, 'issued');
});

test('an address is told 300 times what is wrong, at the socket and when it asks for a token, then to come later', async () => {
  const { door, clock } = house();
  const address = '192.0.2.1';
  const knock = async () => (await door.knock(visitor(ORIGIN, address), 'junk'))?.code;
  const ask = () => door.issueToken(visitor('https://evil.com', address));
  for (let count = 0; count < 150; count += 1) {
    assert.equal(await knock(), 'token_invalid');
    assert.equal((await ask()).outcome, 'origin_not_allowed');
  }
  assert.equal(await knock(), 'too_many_connects');
  assert.deepEqual(await ask(), { outcome: 'too_many', retryAfterMs: 500 });
  assert.equal((await door.knock(visitor(), 'junk'))?.code, 'token_invalid', 'others are told what is wrong');
  await clock.advance(500);
  assert.equal(await knock(), 'token_invalid');
  assert.equal((await door.knock(visitor(ORIGIN, address), 'junk'))?.retryAfterMs, 500);
});

test('whoever is refused on and on has 300 lines in the log, and then a number, once a minute', async () => {
  for (const auth of [true, false]) {
    const { door, clock, lines } = house({ auth });
    for (let second = 0; second < 150; second += 1) {
      for (let count = 0; count < 20; count += 1) await door.knock(visitor(ORIGIN, '192.0.2.1'), 'junk');
      await clock.advance(1000);
    }
    const shown = lines.filter(({ level }) => Number(level) >= 30);
    const sums = shown.flatMap(({ refusals }) => (typeof refusals === 'number' ? refusals : []));
    const own = shown.filter(({ outcome }) => outcome === 'refused');
    assert.equal(sums.length, 2);
    assert.equal(shown.length, sums.length + own.length);
    assert.ok(own.length >= 300 && own.length <= 300 + 2 * 150, `${own.length} lines`);
    assert.equal(clock.pendingTimers, 1, 'the next sum');
  }
});

test('programs that are no page share no budget but that of their address', async () => {
  const { door } = house({ auth: false });
  for (let count = 0; count < 150; count += 1) {
    assert.equal(await door.knock({ ...visitor(), origin: undefined }, undefined), undefined);
  }
});

test('token requests have a budget of their own', async () => {
  const { door } = house();
  const outcomes = [];
  for (let count = 0; count < 4; count += 1) {
    outcomes.push(await door.issueToken(visitor(ORIGIN, '192.0.2.1')));
  }
  assert.deepEqual(outcomes.at(-1), { outcome: 'too_many', retryAfterMs: 1000 });
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'issued').length, 3);
});

test('with authentication off everybody comes in, without a token, as often as the limits allow', async () => {
  const { door } = house({ auth: false });
  for (const [origin] of REFUSED) {
    assert.equal(await door.knock({ ...visitor(), origin }, undefined), undefined);
  }
  assert.deepEqual(await door.issueToken(visitor()), { outcome: 'auth_off' });
  let refusal: unknown;
  for (let count = 0; count < 61; count += 1) {
    refusal = await door.knock(visitor('https://x.com', '192.0.2.1'), '');
  }
  assert.ok(refusal instanceof Error);
});

test('a hundred may wait for a slow check, each at most ten seconds', async () => {
  let answer: (taken: { pass: true }) => void = () => undefined;
  const slow: RateLimiter = { take: () => new Promise((resolve) => (answer = resolve)) };
  const { door, tokens, clock } = house({ limiter: slow });
  const token = tokens.issue(ORIGIN);
  const waiting = Array.from({ length: 100 }, () => door.knock(visitor(), token));
  const crowded = await door.knock(visitor(), token);
  assert.equal(crowded?.code, 'too_many_connects');
  assert.equal(crowded?.retryAfterMs, 1000);
  await clock.advance(10_000);
  const refusals = await Promise.all(waiting);
  assert.ok(refusals.every((refusal) => refusal?.code === 'too_many_connects'));
  assert.equal(clock.pendingTimers, 0);

  const next = door.knock(visitor(), token);
  await clock.advance(0);
  answer({ pass: true });
  await clock.advance(0);
  answer({ pass: true });
  assert.equal(await next, undefined, 'there is room again');
});

test('each decision is one line that says what, how, why, who, and nothing secret', async () => {
  const { door, tokens, lines } = house();
  const token = tokens.issue(ORIGIN);
  await door.knock({ requestId: 'r1', origin: ORIGIN, address: '192.0.2.1' }, token);
  await door.knock({ requestId: 'r2', origin: 'https://evil.com', address: '192.0.2.2' }, token);
  await door.knock({ requestId: 'r3', origin: `https://x.com?token=${token}`, address: '192.0.2.3' }, token);
  const stolen = tokens.issue('https://other.com');
  await door.knock({ requestId: 'r4', origin: ORIGIN, address: '192.0.2.4' }, stolen);
  await door.issueToken({ requestId: 'r5', origin: undefined, address: '192.0.2.5' });
  await door.issueToken({ requestId: 'r6', origin: ORIGIN, address: '192.0.2.6' });
  const shown = lines.map(({ audit, outcome, reason, origin, address, requestId, level }) =>
    [level, audit, outcome, reason, origin, address, requestId].join(' '),
  );
  assert.deepEqual(shown, [
    '30 connect allowed ok https://good.com 192.0.2.1 r1',
    '30 connect refused unlisted_origin https://evil.com 192.0.2.2 r2',
    '30 connect refused malformed_origin (malformed) 192.0.2.3 r3',
    '30 connect refused wrong_signature https://good.com 192.0.2.4 r4',
    '30 token refused missing_origin  192.0.2.5 r5',
    '30 token allowed ok https://good.com 192.0.2.6 r6',
  ]);
  for (const secret of [token, stolen]) assert.ok(!JSON.stringify(lines).includes(secret.slice(0, 20)));
});

test('with authentication off the lines are for debugging, but for refusals', async () => {
  const { door, lines } = house({ auth: false });
  await door.knock(visitor(), undefined);
  await door.issueToken(visitor());
  for (const line of lines) {
    assert.equal(line['level'], 20);
    assert.equal(line['reason'], 'auth_off');
  }
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['connect allowed', 'token refused'],
  );

  const { connectsPerAddress } = LIMITS;
  for (let visit = 0; visit <= connectsPerAddress.capacity; visit += 1) {
    await door.knock(visitor(undefined, '192.0.2.1'), undefined);
  }
  const { level, outcome, reason } = lines.at(-1) ?? {};
  assert.deepEqual({ level, outcome, reason }, { level: 30, outcome: 'refused', reason: 'address_rate' });
});
