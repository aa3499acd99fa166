import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeTinyModel } from '../../src/testing/onnx/tiny-model.ts';
import { Client } from '../client.ts';
import { FaceServer } from '../face/face-server.ts';
import { rssBytes } from '../face/processes.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { FAST_DELIVERY } from '../order.ts';

const SESSIONS = 40;
const ANSWER_MS = 400;
const LOOK_AFTER_TURNS = [200, 600, 1000, 3000] as const;

/** From the first to the second the limit holds, and from the second to the third: a leak goes on, a heap stops. */
const COMPARED_TURNS = [200, 1000, 3000] as const;
const SETTLE_MS = 500;
const MIB = 1024 * 1024;

/** 20 KiB a turn would be a leak worth looking for; less is within what a heap does from one look to the next. */
const MOST_GROWTH_MIB = 16;

/** Resident memory at one moment, in MiB. */
interface Look {
  readonly turns: number;
  readonly serverMib: number;
  readonly childrenMib: number;
}

/** Whether the face engine's memory grows with the turns it has animated. */
export const faceMemory: Figure = {
  name: 'face-memory',
  title:
    'Resident memory over turns, tiny model (server after a garbage collection, its processes as they are)',
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avatar-chat-bench-'));
    try {
      await using server = await FaceServer.start({ model: await writeTinyModel(folder), admission: true });
      const looks = await takeTurns(server);
      const { model } = (await server.metrics()).frames;
      return [...rows(looks), { what: 'frames made by the model', measured: String(model) }];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function takeTurns(server: FaceServer): Promise<Look[]> {
  const clients = await Client.connectMany(server.child.port, SESSIONS);
  const looks: Look[] = [];
  let turns = 0;
  for (const lookAfter of LOOK_AFTER_TURNS) {
    for (; turns < lookAfter; turns += SESSIONS) {
      const order = { pauseMs: 0, durationMs: ANSWER_MS, ...FAST_DELIVERY };
      await Promise.all(clients.map((client, index) => client.hear({ ...order, id: turns + index })));
    }
    await server.child.ask('marks'); // the bench's own stamps are no part of it
    await delay(SETTLE_MS);
    const childrenBytes = server.inferencePids().reduce((sum, pid) => sum + rssBytes(pid), 0);
    const serverBytes = await server.child.ask('rssBytes');
    looks.push({ turns, serverMib: serverBytes / MIB, childrenMib: childrenBytes / MIB });
  }
  for (const client of clients) client.close();
  return looks;
}

function rows(looks: readonly Look[]): Row[] {
  const [start, middle, last] = COMPARED_TURNS;
  return [
    ...looks.map(({ turns, serverMib, childrenMib }) => ({
      what: `after ${turns} turns: server + inference processes (MiB)`,
      measured: `${serverMib.toFixed(1)} + ${childrenMib.toFixed(1)}`,
    })),
    growthRow(looks, start, middle),
    growthRow(looks, middle, last),
  ];
}

function growthRow(looks: readonly Look[], from: number, to: number): Row {
  const total = (wanted: number) => {
    const look = looks.find(({ turns }) => turns === wanted);
    return look === undefined ? Number.NaN : look.serverMib + look.childrenMib;
  };
  const grown = total(to) - total(from);
  return {
    what: `growth from ${from} to ${to} turns (MiB)`,
    measured: grown.toFixed(1),
    ...atMost(grown, MOST_GROWTH_MIB, `≤ ${MOST_GROWTH_MIB}`),
  };
}
