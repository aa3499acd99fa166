import { Child } from '../child.ts';
import { Client, type SeenAnswer } from '../client.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY, type Mark } from '../order.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';

const FRAME_MS = 1000 / 30;
const LEAD_MS = 400;

/** The last frame may be this much later than it has to be: half a frame. */
const LIMIT_MS = 17;

interface Case {
  readonly what: string;
  readonly durationMs: number;
  readonly pieceMs: number;
  readonly everyMs: number;
  /** One after the other, each on several connections at once. */
  readonly rounds: number;
  readonly connections: number;
}

const CASES: readonly Case[] = [
  { what: '20 ms, at once', durationMs: 20, pieceMs: 20, everyMs: 20, rounds: 20, connections: 1 },
  { what: '1 s, 5 x real time', durationMs: 1000, ...FAST_DELIVERY, rounds: 5, connections: 4 },
  { what: '10 s, 5 x real time', durationMs: 10_000, ...FAST_DELIVERY, rounds: 1, connections: 20 },
  { what: '3 s, in real time', durationMs: 3000, pieceMs: 100, everyMs: 100, rounds: 1, connections: 20 },
];

/** Whether an answer's end costs anything beyond the time it plays. */
export const end: Figure = {
  name: 'end',
  title: "The last frame, after the later of its place in the schedule and the agent's end",
  run: async () => {
    await using server = await Child.start('server');
    const rows: Row[] = [];
    for (const wanted of CASES) rows.push(await measure(server, wanted));
    return rows;
  },
};

async function measure(server: Child, wanted: Case): Promise<Row> {
  const clients = await Client.connectMany(server.port, wanted.connections);
  const lateMs: number[] = [];
  const afterEndMs: number[] = [];
  for (let round = 0; round < wanted.rounds; round += 1) {
    const seen = await Promise.all(
      clients.map((client, id) => client.hear({ ...wanted, id, pauseMs: 220 + id * 7.3 })),
    );
    for (const mark of await server.ask('marks')) {
      const answer = seen[mark.orderId];
      if (answer === undefined) continue;
      lateMs.push(lastFrameAtMs(answer) - idealAtMs(answer, mark));
      afterEndMs.push(lastFrameAtMs(answer) - mark.endedAtMs);
    }
  }
  for (const client of clients) client.close();
  const late = summarise(lateMs);
  return {
    what: `${wanted.what}, ${late.count} answers, p50 / p95 / max (ms)`,
    measured: `${spread(late, 'p95')}; after the agent's end: ${summarise(afterEndMs).p50.toFixed(0)}`,
    ...atMost(late.p95, LIMIT_MS, `p95 ≤ ${LIMIT_MS}`),
  };
}

function lastFrameAtMs({ arrivedAtMs }: SeenAnswer): number {
  return arrivedAtMs.at(-1) ?? Number.NaN;
}

/** The schedule counts from the first frame; frame i may go out a lead before its time. */
function idealAtMs({ arrivedAtMs }: SeenAnswer, { endedAtMs }: Mark): number {
  const startAtMs = arrivedAtMs[0] ?? Number.NaN;
  return Math.max(endedAtMs, startAtMs + (arrivedAtMs.length - 1) * FRAME_MS - LEAD_MS);
}
