import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../client.ts';
import { type FramesBy, framesBetween, sumOf } from '../face/face-metrics.ts';
import { FaceServer } from '../face/face-server.ts';
import { cpuSeconds, rssBytes } from '../face/processes.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const SESSIONS = 20;
const ANSWER_MS = 12_000;
const SPREAD_MS = 3000;
const SETTLE_MS = 500;

/** Of one core, for each session that speaks: what was aimed at. */
const COST_LIMIT_PERCENT = 1;
const FIRST_FRAME_LIMIT_MS = 250;
const TURNS = 20;
const TURN_MS = 1200;
const PAUSE_MS = 113.7;
const MIB = 1024 * 1024;

/** How an agent delivers its sound. */
const DELIVERIES = {
  'five times real time': FAST_DELIVERY,
  'in real time': { pieceMs: 40, everyMs: 40 },
} as const;
type Delivery = (typeof DELIVERIES)[keyof typeof DELIVERIES];

/** What the small model that comes with the server costs, and how soon its face is there, beside the loudness face. */
export const faceEmbedded: Figure = {
  name: 'face-embedded',
  title: `The embedded face: cost of a speaking session (${SESSIONS} at once) and its first frame`,
  run: async () => {
    const rows: Row[] = [];
    for (const [name, delivery] of Object.entries(DELIVERIES)) {
      const floor = await cost('loudness', delivery);
      const ours = await cost('embedded', delivery);
      const total = ours.serverPercent + ours.childPercent - floor.serverPercent;
      rows.push(
        {
          what: `sound ${name}: of a core for each speaking session, server + inference process (%)`,
          measured: `${ours.serverPercent.toFixed(2)} + ${ours.childPercent.toFixed(2)}`,
          floor: `${floor.serverPercent.toFixed(2)} (loudness)`,
        },
        {
          what: `sound ${name}: the face's part of it (%)`,
          measured: total.toFixed(2),
          ...atMost(total, COST_LIMIT_PERCENT, `≤ ${COST_LIMIT_PERCENT}`),
        },
        {
          what: `sound ${name}: frames made by the model, windows a second for each session`,
          measured: `${percent(ours.frames)}, ${(ours.windowsPerSecond / SESSIONS).toFixed(1)}`,
        },
      );
    }
    return [...rows, ...(await firstFrameRows()), ...(await memoryRows())];
  },
};

interface Cost {
  /** Of one core, for each session. */
  readonly serverPercent: number;
  readonly childPercent: number;
  readonly frames: FramesBy;
  readonly windowsPerSecond: number;
}

/** While all speak. */
async function cost(engine: 'embedded' | 'loudness', delivery: Delivery): Promise<Cost> {
  await using server = await FaceServer.start({ engine, admission: false });
  const clients = await Client.connectMany(server.child.port, SESSIONS);
  const hearing = Promise.all(
    clients.map((client, id) =>
      client.hear({ id, pauseMs: (id / SESSIONS) * SPREAD_MS, durationMs: ANSWER_MS, ...delivery }),
    ),
  );
  await delay(SPREAD_MS + SETTLE_MS);
  const look = async () => ({
    atMs: performance.now(),
    serverS: cpuSeconds(server.child.pid),
    childS: server.inferencePids().reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    windows: await server.child.ask('windows'),
    metrics: await server.metrics(),
  });
  const before = await look();
  await delay(ANSWER_MS - SPREAD_MS - 2 * SETTLE_MS);
  const after = await look();
  await hearing;
  for (const client of clients) client.close();
  const seconds = (after.atMs - before.atMs) / 1000;
  const perSession = (usedS: number) => (100 * usedS) / seconds / SESSIONS;
  return {
    serverPercent: perSession(after.serverS - before.serverS),
    childPercent: perSession(after.childS - before.childS),
    frames: framesBetween(before.metrics, after.metrics),
    windowsPerSecond: (after.windows - before.windows) / seconds,
  };
}

async function firstFrameRows(): Promise<Row[]> {
  const rows: Row[] = [];
  await using server = await FaceServer.start({ engine: 'embedded', admission: false });
  const client = await Client.connect(server.child.port);
  let id = 0;
  for (const [name, delivery] of Object.entries(DELIVERIES)) {
    const firstMs: number[] = [];
    const firstOfModelMs: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      id += 1;
      const before = await server.metrics();
      const seen = await client.hear({
        id,
        pauseMs: PAUSE_MS + (turn % 7) * 5,
        durationMs: TURN_MS,
        ...delivery,
      });
      const { opening } = framesBetween(before, await server.metrics());
      const mark = (await server.child.ask('marks')).find(({ orderId }) => orderId === id);
      const since = (atMs: number | undefined) => (atMs ?? Number.NaN) - (mark?.firstSoundAtMs ?? Number.NaN);
      firstMs.push(since(seen.arrivedAtMs[0]));
      firstOfModelMs.push(since(seen.arrivedAtMs[opening]));
    }
    const ofModel = summarise(firstOfModelMs);
    rows.push(
      {
        what: `sound ${name}: first frame at the client, ${TURNS} answers, p50 / p95 / max (ms)`,
        measured: spread(summarise(firstMs), 'p95'),
      },
      {
        what: `sound ${name}: the first that is the model's (ms)`,
        measured: spread(ofModel, 'p95'),
        ...atMost(ofModel.p95, FIRST_FRAME_LIMIT_MS, `p95 ≤ ${FIRST_FRAME_LIMIT_MS}`),
      },
    );
  }
  client.close();
  return rows;
}

async function memoryRows(): Promise<Row[]> {
  await using server = await FaceServer.start({ engine: 'embedded', admission: false });
  const bytes = server.inferencePids().reduce((sum, pid) => sum + rssBytes(pid), 0);
  return [{ what: 'memory of the inference process (MiB)', measured: (bytes / MIB).toFixed(0) }];
}

function percent(frames: FramesBy): string {
  return `${((100 * frames.model) / sumOf(frames)).toFixed(0)} %`;
}
