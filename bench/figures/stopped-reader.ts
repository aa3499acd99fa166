import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { Child } from '../child.ts';
import { Client } from '../client.ts';
import { gapErrorsMs } from '../crowd.ts';
import { atMost, type Figure } from '../figure.ts';
import { encodeOrder, FAST_DELIVERY } from '../order.ts';
import { untilSessions } from '../session-count.ts';
import { type Summary, summarise } from '../stats.ts';
import { spread } from '../table.ts';

const OTHERS = 20;
const ANSWER_MS = 30_000;
const STOPS_AFTER_MS = 3000;

/** Without it, memory is read when it would have been closed. */
const WITHOUT_MS = 12_500;

/** A ping, its pong, and a second. */
const LIMIT_CLOSED_MS = 21_000;
const LIMIT_GROWTH_MIB = 2;
const LIMIT_ABOVE_MS = 2;
const MIB = 1024 * 1024;

interface Seen {
  readonly gapErrorMs: Summary;
  readonly rssBytes: number;
  readonly inUseBytes: number;
  readonly closedAfterMs: number;
  readonly closeCode: number;
}

/** What a client that stops to read in the middle of an answer costs the server, and the others. */
export const stoppedReader: Figure = {
  name: 'stopped-reader',
  title: `A client stops to read in the middle of an answer, beside ${OTHERS} that speak`,
  run: async () => {
    const without = await take(false);
    const beside = await take(true);
    const grownMib = (beside.inUseBytes - without.inUseBytes) / MIB;
    const aboveMs = beside.gapErrorMs.p99 - without.gapErrorMs.p99;
    return [
      {
        what: 'closed after (s), with code 4408',
        measured: `${(beside.closedAfterMs / 1000).toFixed(1)} with ${beside.closeCode}`,
        ...atMost(
          beside.closeCode === 4408 ? beside.closedAfterMs : Number.NaN,
          LIMIT_CLOSED_MS,
          `≤ ${LIMIT_CLOSED_MS / 1000}`,
        ),
      },
      {
        what: 'memory in use (heap and buffers) when it was closed, above that without it (MiB)',
        measured: grownMib.toFixed(1),
        ...atMost(grownMib, LIMIT_GROWTH_MIB, `≤ ${LIMIT_GROWTH_MIB}`),
      },
      {
        what: 'RSS of the two processes then (MiB)',
        measured: (beside.rssBytes / MIB).toFixed(0),
        floor: (without.rssBytes / MIB).toFixed(0),
      },
      {
        what: `the others' gap error p50 / p99 / max (ms); the floor is without it`,
        measured: spread(beside.gapErrorMs, 'p99'),
        floor: spread(without.gapErrorMs, 'p99'),
        ...atMost(aboveMs, LIMIT_ABOVE_MS, `p99 ≤ floor + ${LIMIT_ABOVE_MS}`),
      },
    ];
  },
};

async function take(stops: boolean): Promise<Seen> {
  await using child = await Child.start('server');
  const clients = await Client.connectMany(child.port, OTHERS);
  let reads = true;
  // Pongs for pings of long ago would be answered by a reset, which takes the close code with it.
  const options = { perMessageDeflate: false, autoPong: false };
  const reader = new WebSocket(`ws://127.0.0.1:${child.port}/ws`, options);
  reader.on('ping', (payload) => {
    if (reads) reader.pong(payload);
  });
  await once(reader, 'open');
  const order = { pauseMs: 0, durationMs: ANSWER_MS, ...FAST_DELIVERY };
  const hearing = Promise.all(
    clients.map((client, id) => client.hear({ id, ...order, pauseMs: (id / OTHERS) * 1000 })),
  );
  reader.send(encodeOrder({ id: OTHERS, ...order }));
  await delay(STOPS_AFTER_MS);
  let closeCode = Number.NaN;
  reader.on('close', (code) => {
    closeCode = code;
  });
  let closedAfterMs = Number.NaN;
  if (stops) {
    reads = false;
    reader.pause();
    closedAfterMs = await untilSessions(child.port, OTHERS, 25_000);
  } else {
    await untilSessions(child.port, Number.NaN, WITHOUT_MS); // asking costs memory, too
  }
  const { rssBytes, heapBytes, buffersBytes } = await child.ask('held');
  reader.resume();
  const seen = await hearing;
  reader.terminate();
  for (const client of clients) client.close();
  const gapErrorMs = summarise(seen.flatMap(({ arrivedAtMs }) => gapErrorsMs(arrivedAtMs)));
  return { gapErrorMs, rssBytes, inUseBytes: heapBytes + buffersBytes, closedAfterMs, closeCode };
}
