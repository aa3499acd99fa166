import { setTimeout as delay } from 'node:timers/promises';
import { Child, type ChildName } from '../child.ts';
import { Client } from '../client.ts';
import type { Figure, Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';

const IDLE = 500;
const SPEAKING = 100;
const WARM_UP = 50;
const SETTLE_MS = 500;

/** The agent has delivered all of its answer when memory is read, and a fifth of it has been played. */
const ANSWER_MS = 10_000;
const READ_AT_MS = 2500;

/** Resident memory of one connection, in KiB. */
interface PerConnection {
  readonly idleKib: number;
  readonly speakingKib: number;
}

/** What a connection costs in memory. */
export const memory: Figure = {
  name: 'memory',
  title: 'Resident memory of one connection (difference after a garbage collection, divided)',
  run: async () => {
    const floor = await measure('floor');
    const ours = await measure('server');
    const heldKib = (((ANSWER_MS - READ_AT_MS) / 1000) * 24_000 * 2) / 1024;
    return [
      {
        what: `idle, of ${IDLE} (KiB)`,
        measured: ours.idleKib.toFixed(0),
        floor: floor.idleKib.toFixed(0),
      },
      {
        what: `speaking, of ${SPEAKING} (KiB; about ${heldKib.toFixed(0)} of it is sound yet to be played)`,
        measured: ours.speakingKib.toFixed(0),
        floor: floor.speakingKib.toFixed(0),
      },
    ] satisfies Row[];
  },
};

async function measure(name: ChildName): Promise<PerConnection> {
  return { idleKib: await idle(name), speakingKib: await speaking(name) };
}

async function idle(name: ChildName): Promise<number> {
  await using child = await Child.start(name);
  const clients = await Client.connectMany(child.port, WARM_UP); // code is compiled, pools are filled
  const before = await settled(child);
  clients.push(...(await Client.connectMany(child.port, IDLE)));
  const after = await settled(child);
  for (const client of clients) client.close();
  return (after - before) / IDLE / 1024;
}

async function speaking(name: ChildName): Promise<number> {
  await using child = await Child.start(name);
  const clients = await Client.connectMany(child.port, SPEAKING);
  const speak = (durationMs: number) =>
    Promise.all(clients.map((client, id) => client.hear({ id, pauseMs: id, durationMs, ...FAST_DELIVERY })));
  await speak(500);
  const before = await settled(child);
  const hearing = speak(ANSWER_MS);
  await delay(READ_AT_MS);
  const after = await child.ask('rssBytes');
  await hearing;
  for (const client of clients) client.close();
  return (after - before) / SPEAKING / 1024;
}

async function settled(child: Child): Promise<number> {
  await delay(SETTLE_MS);
  return child.ask('rssBytes');
}
