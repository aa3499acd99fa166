import { setTimeout as delay } from 'node:timers/promises';
import { Child, type ChildName } from '../child.ts';
import { Client } from '../client.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';

const IDLE = 1000;
const SPEAKING = 100;
const WARM_UP = 50;
const SETTLE_MS = 500;

/** The agent has delivered all of its answer when memory is read, and a fifth of it has been played. */
const ANSWER_MS = 10_000;
const READ_AT_MS = 2500;

/** The same of a minute: it has been delivered after 12 s. */
const LONG_ANSWER_MS = 75_000;
const LONG_READ_AT_MS = 15_000;
const LONG_SPEAKING = 20;

/** What a connection may cost, in KiB. */
const IDLE_LIMIT_KIB = 64;
const SPEAKING_LIMIT_KIB = 1024;
const LONG_LIMIT_KIB = 4.5 * 1024;

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
    const heldKib = soundKib(ANSWER_MS - READ_AT_MS);
    const long = await speaking('server', LONG_SPEAKING, LONG_ANSWER_MS, LONG_READ_AT_MS);
    const longHeldKib = soundKib(LONG_ANSWER_MS - LONG_READ_AT_MS);
    return [
      {
        what: `idle, of ${IDLE} (KiB)`,
        measured: ours.idleKib.toFixed(0),
        floor: floor.idleKib.toFixed(0),
        ...atMost(ours.idleKib, IDLE_LIMIT_KIB, `≤ ${IDLE_LIMIT_KIB}`),
      },
      {
        what: `speaking, of ${SPEAKING} (KiB; about ${heldKib.toFixed(0)} of it is sound yet to be played)`,
        measured: ours.speakingKib.toFixed(0),
        floor: floor.speakingKib.toFixed(0),
        ...atMost(ours.speakingKib, SPEAKING_LIMIT_KIB, `≤ ${SPEAKING_LIMIT_KIB}`),
      },
      {
        what: `speaking, of ${LONG_SPEAKING} (KiB; about ${longHeldKib.toFixed(0)} of it is a minute yet to be played)`,
        measured: long.toFixed(0),
        ...atMost(long, LONG_LIMIT_KIB, `≤ ${LONG_LIMIT_KIB}`),
      },
    ] satisfies Row[];
  },
};

async function measure(name: ChildName): Promise<PerConnection> {
  return { idleKib: await idle(name), speakingKib: await speaking(name, SPEAKING, ANSWER_MS, READ_AT_MS) };
}

function soundKib(ms: number): number {
  return ((ms / 1000) * 24_000 * 2) / 1024;
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

/** Memory of each of `count` in the middle of an answer; its rest is given up. */
async function speaking(name: ChildName, count: number, answerMs: number, readAtMs: number): Promise<number> {
  await using child = await Child.start(name);
  const clients = await Client.connectMany(child.port, count);
  const speak = (durationMs: number) =>
    Promise.all(clients.map((client, id) => client.hear({ id, pauseMs: id, durationMs, ...FAST_DELIVERY })));
  await speak(500);
  const before = await settled(child);
  speak(answerMs).catch(() => undefined); // closed below, in the middle
  await delay(readAtMs);
  const after = await child.ask('rssBytes');
  for (const client of clients) client.close();
  return (after - before) / count / 1024;
}

async function settled(child: Child): Promise<number> {
  await delay(SETTLE_MS);
  return child.ask('rssBytes');
}
