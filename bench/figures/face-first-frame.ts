import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../client.ts';
import { framesBetween } from '../face/face-metrics.ts';
import { FaceServer } from '../face/face-server.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';
import { cachedStandIn } from '../stand-in/cached.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const TURNS = 12;
const ANSWER_MS = 1200;
const IDLE_LIMIT_MS = 120;
const LOADED_LIMIT_MS = 200;

/** Pauses before an answer differ, so that none falls into step with a timer. */
const LEAST_PAUSE_MS = 100;
const PAUSE_STEP_MS = 13.7;

/** Others that speak all the while, for about 80 % of two cores; the share reached is printed. */
const OTHERS = 16;
const OTHERS_ANSWER_MS = 40_000;
const OTHERS_SPREAD_MS = 4000;
const OTHERS_SETTLE_MS = 6000;

/** The marks of other answers are not looked at. */
const FIRST_ID = 1000;

/** When the first frames of some answers came, from the agent's first sound. */
interface Delays {
  readonly firstMs: readonly number[];
  /** Of those answers that got a frame of the model. */
  readonly firstOfModelMs: readonly number[];
}

/** How long after the agent's first sound its first frame, and the model's first frame, are at the client. */
export const faceFirstFrame: Figure = {
  name: 'face-first-frame',
  title:
    "From the agent's first sound to the first frame at the client, full-size stand-in, p50 / p95 / max (ms)",
  run: async () => {
    await using server = await FaceServer.start({ model: await cachedStandIn(), admission: false });
    const idle = await listen(server, 0);
    const others = await Client.connectMany(server.child.port, OTHERS);
    const speaking = Promise.all(others.map((client, id) => client.hear(orderOfOther(id))));
    speaking.catch(() => undefined); // closed before they end
    await delay(OTHERS_SPREAD_MS + OTHERS_SETTLE_MS);
    const before = await server.metrics();
    const loaded = await listen(server, TURNS);
    const after = await server.metrics();
    for (const client of others) client.close();
    const busy = [before, after].map(({ utilisation }) => (utilisation * 100).toFixed(0)).join(' to ');
    return [
      ...rows('model idle', idle, IDLE_LIMIT_MS),
      ...rows(`model busy ${busy} %, ${OTHERS} others speaking`, loaded, LOADED_LIMIT_MS),
    ];
  },
};

function orderOfOther(id: number) {
  const pauseMs = (id / OTHERS) * OTHERS_SPREAD_MS;
  return { id, pauseMs, durationMs: OTHERS_ANSWER_MS, ...FAST_DELIVERY };
}

function rows(when: string, { firstMs, firstOfModelMs }: Delays, limitMs: number): Row[] {
  const first = summarise(firstMs);
  return [
    {
      what: `${when}: first frame, ${first.count} answers`,
      measured: spread(first, 'p95'),
      ...atMost(first.max, limitMs, `max ≤ ${limitMs}`),
    },
    {
      what: `${when}: first frame of the model, ${firstOfModelMs.length} answers`,
      measured: spread(summarise(firstOfModelMs), 'p95'),
    },
  ];
}

async function listen(server: FaceServer, firstTurn: number): Promise<Delays> {
  const client = await Client.connect(server.child.port);
  const firstMs: number[] = [];
  const firstOfModelMs: number[] = [];
  for (let turn = firstTurn; turn < firstTurn + TURNS; turn += 1) {
    const id = FIRST_ID + turn;
    const pauseMs = LEAST_PAUSE_MS + (turn % 10) * PAUSE_STEP_MS;
    const before = await server.metrics();
    const seen = await client.hear({ id, pauseMs, durationMs: ANSWER_MS, ...FAST_DELIVERY });
    const after = await server.metrics();
    const mark = (await server.child.ask('marks')).find(({ orderId }) => orderId === id);
    const since = (atMs: number) => atMs - (mark?.firstSoundAtMs ?? Number.NaN);
    firstMs.push(since(seen.arrivedAtMs[0] ?? Number.NaN));
    // The others are past their openings, so that those counted are this answer's: the model's first frame is the next.
    const { opening } = framesBetween(before, after);
    const firstOfModel = seen.arrivedAtMs[opening];
    if (firstOfModel !== undefined) firstOfModelMs.push(since(firstOfModel));
  }
  client.close();
  return { firstMs, firstOfModelMs };
}
