import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import { ScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { FakeClock } from '../../src/time/fake-clock.ts';
import { type RunningApp, runApp, TestClient } from '../support/client.ts';
import { LISTED, REFUSED } from '../support/origins.ts';

const ORIGIN = LISTED[0];
const SETTINGS = {
  AUTH_ENABLED: 'true',
  AUTH_SECRET_KEY: 'sentinel-secret of at least thirty-two bytes',
  AUTH_ALLOWED_ORIGINS: LISTED.join(','),
};

const lines: string[] = [];
let running: RunningApp;
let clock: FakeClock;

before(async () => {
  clock = new FakeClock();
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  running = await runApp(SETTINGS, { agent: new ScriptedAgent(), clock }, log);
});

after(() => running.app.close());

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with headers that fetch would not let through. */
async function ask(
  path: string,
  { method = 'POST', headers = {}, body = '', http = running.http } = {} as {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly http?: string;
  },
): Promise<Answer> {
  const request = httpRequest(http + path, { method, headers });
  request.end(body);
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** What the widget does first: asks for a token with a JSON content type and no body. */
async function fetchToken(origin: string = ORIGIN, http = running.http): Promise<string> {
  const headers = { origin, 'content-type': 'application/json' };
  const response = await fetch(`${http}/api/auth/token`, { method: 'POST', headers });
  assert.equal(response.status, 200);
  const { token } = (await response.json()) as { token: string };
  return token;
}

function withToken(token: string, ws = running.ws): string {
  return `${ws}?token=${encodeURIComponent(token)}`;
}

/** Connects and resolves with what a refused client sees. */
async function refused(url: string, headers: Readonly<Record<string, string>>) {
  const client = await TestClient.connect(url, headers);
  const close = await client.closed();
  return { codes: client.of('error').map((error) => error['code']), close, types: client.received.length };
}

test('the widget’s way in: preflight, token, socket with the token', async () => {
  const preflight = await ask('/api/auth/token', {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], ORIGIN);
  assert.match(String(preflight.headers['access-control-allow-methods']), /POST/);
  assert.equal(preflight.headers['access-control-allow-headers'], 'content-type');
  assert.equal(preflight.headers['access-control-max-age'], '600');
  assert.match(String(preflight.headers['vary']), /Origin/);

  const headers = { origin: ORIGIN, 'content-type': 'application/json' };
  const response = await fetch(`${running.http}/api/auth/token`, { method: 'POST', headers });
  assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const answer = (await response.json()) as { token: string; ttl: number; origin: string };
  assert.deepEqual(Object.keys(answer).sort(), ['origin', 'token', 'ttl']);
  assert.equal(answer.ttl, 3600);
  assert.equal(answer.origin, ORIGIN);

  const client = await TestClient.connect(withToken(answer.token), { origin: ORIGIN });
  await client.until(() => client.of('config').length === 1);
  await client.close();
});

test('a body is read past, whatever it is, up to 16 KiB', async () => {
  for (const [type, body] of [
    ['application/json', '{}'],
    ['application/json', '{"broken'],
    ['text/plain', 'x'],
    ['application/x-www-form-urlencoded', ''],
  ] as const) {
    const headers = { origin: ORIGIN, 'content-type': type };
    assert.equal((await ask('/api/auth/token', { headers, body })).status, 200, type);
  }
  const headers = { origin: ORIGIN, 'content-type': 'application/json' };
  const large = 'x'.repeat(16 * 1024 + 1);
  assert.equal((await ask('/api/auth/token', { headers, body: large })).status, 413);
  const chunked = { ...headers, 'transfer-encoding': 'chunked' };
  assert.equal((await ask('/api/auth/token', { headers: chunked, body: large })).status, 413);
});

test('wrong origins get no token, and no page of theirs may read why', async () => {
  for (const [origin, why] of REFUSED) {
    const headers = origin === undefined ? {} : { origin };
    const answer = await ask('/api/auth/token', { headers });
    const missing = origin === undefined || origin === '';
    assert.equal(answer.status, missing ? 400 : 403, why);
    const detail = missing ? 'Missing Origin header' : 'Origin not allowed';
    assert.deepEqual(JSON.parse(answer.body), { detail }, why);
    assert.equal(answer.headers['access-control-allow-origin'], undefined, why);
  }
});

test('wrong origins are accepted at the socket, told why, and closed with 1008, even with a token', async () => {
  const token = await fetchToken();
  for (const [origin, why] of REFUSED) {
    const seen = await refused(withToken(token), origin === undefined ? {} : { origin });
    assert.deepEqual(seen, { codes: ['origin_not_allowed'], close: 1008, types: 1 }, why);
  }
  assert.equal(running.app.sessions, 0);
});

test('every listed origin comes in with a token of its own, and not with another’s', async () => {
  for (const origin of LISTED) {
    const token = await fetchToken(origin);
    const client = await TestClient.connect(withToken(token), { origin });
    await client.until(() => client.of('config').length === 1);
    await client.close();
    for (const other of LISTED.filter((listed) => listed !== origin)) {
      const seen = await refused(withToken(token), { origin: other });
      assert.deepEqual(seen.codes, ['token_invalid']);
    }
  }
});

test('a socket without a good token is told which kind of wrong it is, and closed with 1008', async () => {
  const token = await fetchToken();
  for (const [query, code] of [
    ['', 'token_missing'],
    ['?token=', 'token_missing'],
    ['?Token=x', 'token_missing'],
    ['?token=x', 'token_invalid'],
    [`?token=${'A'.repeat(10_000)}`, 'token_invalid'],
    [`?token=${encodeURIComponent(token)}A`, 'token_invalid'],
    [`?token=${encodeURIComponent(token)}%0a`, 'token_invalid'],
    ['?token=%ff%fe%00', 'token_invalid'],
    ['?token=%', 'token_invalid'],
  ] as const) {
    const seen = await refused(running.ws + query, { origin: ORIGIN });
    assert.deepEqual(seen, { codes: [code], close: 1008, types: 1 }, query.slice(0, 40));
  }
  const second = await TestClient.connect(`${running.ws}?page=1&token=${encodeURIComponent(token)}`, {
    origin: ORIGIN,
  });
  await second.until(() => second.of('config').length === 1);
  await second.close();
});

test('a conversation goes on when its token has expired; a new one needs a new token', async () => {
  const token = await fetchToken();
  const client = await TestClient.connect(withToken(token), { origin: ORIGIN });
  await client.until(() => client.of('config').length === 1);
  clock.jumpWall(3_601_000);
  client.send({ type: 'ping' });
  await client.until(() => client.of('pong').length === 1);
  const seen = await refused(withToken(token), { origin: ORIGIN });
  assert.deepEqual(seen.codes, ['token_expired']);
  client.send({ type: 'ping' });
  await client.until(() => client.of('pong').length === 2);
  await client.close();
  const again = await TestClient.connect(withToken(await fetchToken()), { origin: ORIGIN });
  await again.until(() => again.of('config').length === 1);
  await again.close();
});

test('with authentication on, only listed pages may read anything', async () => {
  for (const path of ['/health', '/info', '/metrics', '/nothing']) {
    const listed = await ask(path, { method: 'GET', headers: { origin: ORIGIN } });
    assert.equal(listed.headers['access-control-allow-origin'], ORIGIN, path);
    const other = await ask(path, { method: 'GET', headers: { origin: 'https://good.com.evil.com' } });
    assert.equal(other.headers['access-control-allow-origin'], undefined, path);
  }
});

test('no token, secret or query is in the log, and each decision is', async () => {
  const token = await fetchToken();
  const query = `?token=${encodeURIComponent(token)}&sentinel-query`;
  const client = await TestClient.connect(running.ws + query, { origin: ORIGIN });
  await client.close();
  await refused(running.ws + query, { origin: 'https://evil.com' });
  await refused(`${running.ws}?token=sentinel-token`, { origin: ORIGIN });
  for (const path of ['/ws', '/health', '/nothing', '/api/auth/token']) {
    await ask(path + query, { method: 'GET', headers: { origin: ORIGIN } });
    await ask(path + query, { headers: { origin: ORIGIN }, body: 'x'.repeat(20_000) });
  }
  const log = lines.join('');
  assert.doesNotMatch(log, /sentinel/);
  assert.ok(!log.includes(token.slice(0, 30)) && !log.includes('token='));
  const audited = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const decisions = audited.filter((line) => line['audit'] !== undefined);
  assert.ok(decisions.some((line) => line['outcome'] === 'allowed' && line['audit'] === 'token'));
  assert.ok(decisions.some((line) => line['reason'] === 'unlisted_origin'));
  assert.ok(decisions.every((line) => line['address'] === '127.0.0.1' && line['requestId'] !== undefined));
});

test('too many token requests from one address are told when to come back', async () => {
  const environment = { ...SETTINGS, AUTH_ENABLE_RATE_LIMITING: 'true', RATE_LIMIT_TOKEN_BURST: '2' };
  const { app, http } = await runApp(environment, { agent: new ScriptedAgent(), clock: new FakeClock() });
  await fetchToken(ORIGIN, http);
  await fetchToken(ORIGIN, http);
  const answer = await ask('/api/auth/token', { headers: { origin: ORIGIN }, http });
  assert.equal(answer.status, 429);
  assert.equal(answer.headers['retry-after'], '1');
  assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
  assert.match(String(answer.headers['access-control-expose-headers']), /retry-after/i);
  assert.deepEqual(JSON.parse(answer.body), { detail: 'Too many token requests', retryAfterMs: 500 });
  await app.close();
});

test('too many sockets from one address are accepted, told when to come back, and closed with 1013', async () => {
  const environment = { AUTH_ENABLE_RATE_LIMITING: 'true', RATE_LIMIT_ADDRESS_BURST: '3' };
  const { app, ws } = await runApp(environment, { agent: new ScriptedAgent(), clock: new FakeClock() });
  const clients = await Promise.all([1, 2, 3].map(() => TestClient.connect(ws)));
  const refusedClient = await TestClient.connect(ws);
  assert.equal(await refusedClient.closed(), 1013);
  assert.equal(refusedClient.of('error')[0]?.['code'], 'too_many_connects');
  assert.equal(refusedClient.of('error')[0]?.['retryAfterMs'], 500);
  assert.equal(app.sessions, 3);
  await Promise.all(clients.map((client) => client.close()));
  await app.close();
});

test('what a client says of itself counts only behind a trusted proxy, and junk in it harms nobody', async () => {
  const tries = async (TRUST_PROXY: string, forwarded: readonly string[]) => {
    const environment = {
      ...SETTINGS,
      TRUST_PROXY,
      AUTH_ENABLE_RATE_LIMITING: 'true',
      RATE_LIMIT_TOKEN_BURST: '1',
      RATE_LIMIT_ADDRESS_BURST: '1',
    };
    const { app, http, ws } = await runApp(environment, {
      agent: new ScriptedAgent(),
      clock: new FakeClock(),
    });
    const tokens: number[] = [];
    let token = '';
    for (const value of forwarded) {
      const headers = { origin: ORIGIN, 'x-forwarded-for': value };
      const answer = await ask('/api/auth/token', { headers, http });
      tokens.push(answer.status);
      if (answer.status === 200) token = (JSON.parse(answer.body) as { token: string }).token;
    }
    const sockets: boolean[] = [];
    for (const value of forwarded) {
      const headers = { origin: ORIGIN, 'x-forwarded-for': value };
      const client = await TestClient.connect(withToken(token, ws), headers);
      await client.until(() => client.received.length > 0);
      sockets.push(client.of('config').length === 1);
      client.socket.terminate();
    }
    await app.close();
    assert.deepEqual(
      sockets,
      tokens.map((status) => status === 200),
      'both doors see the same client',
    );
    return sockets;
  };
  const two = ['192.0.2.1', '192.0.2.2'];
  assert.deepEqual(await tries('false', two), [true, false]);
  assert.deepEqual(await tries('true', two), [true, true]);
  assert.deepEqual(await tries('1', ['192.0.2.1', '8.8.8.8, 192.0.2.1', '192.0.2.3']), [true, false, true]);
  assert.deepEqual(await tries('loopback', two), [true, true]);
  assert.deepEqual(await tries('10.0.0.0/8', two), [true, false]);
  assert.deepEqual(
    await tries('true', ['192.0.2.1:1234', '192.0.2.1:99', '[2001:db8::1]:5', '2001:db8::2']),
    [true, false, true, false],
  );
  const junk = ['junk', '"><script>', '1.2.3.4.5', ',,,', '%0d%0aX: y', 'a\tb', 'x'.repeat(8000)];
  assert.deepEqual(await tries('true', junk), [true, ...junk.slice(1).map(() => false)]);
});
