import { setTimeout as delay } from 'node:timers/promises';
import { Tokens } from '../../src/auth/token.ts';
import { systemClock } from '../../src/time/clock.ts';
import { REDIS_MISSING, TestRedis } from '../../test/support/redis.ts';
import { Child, type ChildName } from '../child.ts';
import { type Knocked, knock } from '../door/knock.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { monotonicMs } from '../monotonic.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const CONNECTS = 500;
const WITHIN_MS = 2000;
const LIMIT_MS = 1000;

/** They come from so many addresses. */
const ADDRESSES = 10;
const ORIGIN = 'https://page.example';
const SECRET = 'a secret of at least thirty-two bytes';

/** The default limits let a burst of one origin through, and so many a second for as long as the storm lasts. */
const ORIGIN_LIMITS = { burst: 100, perSecond: 10, tolerance: 5 } as const;

/** Many clients at once. */
export const storm: Figure = {
  name: 'storm',
  title: `${CONNECTS} connects in ${WITHIN_MS / 1000} s from ${ADDRESSES} addresses: time to \`config\`, and what becomes of those over a cap`,
  run: async () => {
    const free = { AUTH_ENABLE_RATE_LIMITING: 'false' };
    const locked = { ...free, AUTH_ENABLED: 'true', AUTH_SECRET_KEY: SECRET, AUTH_ALLOWED_ORIGINS: ORIGIN };
    const floor = await take('floor', {});
    const rows = [
      ...rowsOf('no cap', await take('door-server', free), always(CONNECTS), floor),
      ...rowsOf(
        'tokens, MAX_SESSIONS=300',
        await take('door-server', { ...locked, MAX_SESSIONS: '300' }),
        always(300),
      ),
      ...rowsOf(
        'tokens, default rate limits',
        await take('door-server', { ...locked, ...limited() }),
        byLimits,
      ),
    ];
    return [...rows, ...(await redisRows({ ...locked, ...limited() }))];
  },
};

function limited(redisUrl?: string): Readonly<Record<string, string>> {
  return { AUTH_ENABLE_RATE_LIMITING: 'true', ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }) };
}

async function redisRows(env: Readonly<Record<string, string>>): Promise<Row[]> {
  if (REDIS_MISSING !== false) return [{ what: 'the same with Redis', measured: REDIS_MISSING }];
  const redis = await TestRedis.start();
  try {
    const seen = await take('door-server', { ...env, ...limited(redis.url) });
    return rowsOf('the same with Redis', seen, byLimits);
  } finally {
    await redis.stop();
  }
}

/** What became of all who knocked, and how long it took until the last one did. */
interface Storm {
  readonly seen: readonly Knocked[];
  readonly lastedS: number;
}

/** How many should get in. */
type Expected = (lastedS: number) => { readonly least: number; readonly most: number };

function always(count: number): Expected {
  return () => ({ least: count, most: count });
}

function byLimits(lastedS: number): ReturnType<Expected> {
  const { burst, perSecond, tolerance } = ORIGIN_LIMITS;
  const due = Math.round(burst + perSecond * lastedS);
  return { least: due - tolerance, most: due + tolerance };
}

/** Lets all knock, evenly spread, at a fresh child. */
async function take(name: ChildName, env: Readonly<Record<string, string>>): Promise<Storm> {
  await using child = await Child.start(name, { env });
  const token = new Tokens(SECRET, 3600, systemClock()).issue(ORIGIN);
  const leave = new AbortController();
  const knocking: Promise<Knocked>[] = [];
  const startedAtMs = monotonicMs();
  for (let count = 0; count < CONNECTS; count += 1) {
    const waitMs = startedAtMs + (count / CONNECTS) * WITHIN_MS - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    const options = {
      port: child.port,
      query: `?token=${encodeURIComponent(token)}`,
      from: `127.0.0.${1 + (count % ADDRESSES)}`,
      origin: ORIGIN,
      until: name === 'floor' ? 'open' : 'answered',
    } as const;
    knocking.push(knock(options, leave.signal));
  }
  const lastedS = (monotonicMs() - startedAtMs) / 1000;
  const seen = await Promise.all(knocking);
  leave.abort();
  return { seen, lastedS };
}

function rowsOf(what: string, { seen, lastedS }: Storm, expected: Expected, floor?: Storm): Row[] {
  const { least, most } = expected(lastedS);
  const count = (outcome: Knocked['outcome']) => seen.filter((knocked) => knocked.outcome === outcome).length;
  const accepted = count('accepted');
  const lost = CONNECTS - accepted - count('told to wait');
  const times = timesOf(seen);
  return [
    {
      what: `${what}: to \`config\`, p50 / p99 / max (ms)`,
      measured: spread(times, 'p99'),
      ...(floor === undefined ? {} : { floor: `${spread(timesOf(floor.seen), 'p99')} to an open socket` }),
      ...atMost(times.max, LIMIT_MS, `max ≤ ${LIMIT_MS}`),
    },
    {
      what: `${what}: accepted / told to wait (1013) / anything else`,
      measured: `${accepted} / ${count('told to wait')} / ${lost}`,
      limit: `${[...new Set([least, most])].join(' to ')} / the others / 0`,
      missed: lost > 0 || accepted < least || accepted > most,
    },
  ];
}

function timesOf(seen: readonly Knocked[]) {
  return summarise(seen.filter(({ outcome }) => outcome === 'accepted').map(({ afterMs }) => afterMs));
}
