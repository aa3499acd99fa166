import { setTimeout as delay } from 'node:timers/promises';
import { Child, type ChildName } from './child.ts';
import type { Usage } from './child-messages.ts';
import { Client } from './client.ts';
import { FAST_DELIVERY } from './order.ts';
import { type Summary, summarise } from './stats.ts';

const FRAME_MS = 1000 / 30;

/** The lead, and the start of all, are over by this frame; what counts is the steady stream after it. */
const FIRST_STEADY_FRAME = 60;

/** Answers begin spread over this time, ours and the floor's at the same offsets. */
const START_SPREAD_MS = 1000;

/** After the start of all and before the end of any, the child's usage is measured. */
const SETTLE_MS = 500;

/** Many speaking at once. */
export interface CrowdOptions {
  readonly child: ChildName;
  readonly sessions: number;
  readonly answerMs: number;
}

/** What was seen of a crowd. */
export interface CrowdSeen {
  /** How far each steady frame's distance from the one before was from 1/30 s. */
  readonly gapErrorMs: Summary;
  /** Frames missing, doubled or out of order. */
  readonly misplaced: number;
  readonly fillers: number;
  readonly usage: Usage;
}

/** Lets a crowd speak, in a fresh child. */
export async function crowd({ child: name, sessions, answerMs }: CrowdOptions): Promise<CrowdSeen> {
  await using child = await Child.start(name);
  const clients = await Client.connectMany(child.port, sessions);
  const hearing = Promise.all(
    clients.map((client, id) =>
      client.hear({
        id,
        pauseMs: (id / sessions) * START_SPREAD_MS,
        durationMs: answerMs,
        ...FAST_DELIVERY,
      }),
    ),
  );
  await Promise.race([delay(START_SPREAD_MS + SETTLE_MS), hearing]);
  await child.ask('usage'); // from here on
  await Promise.race([delay(answerMs - START_SPREAD_MS - 2 * SETTLE_MS), hearing]);
  const usage = await child.ask('usage');
  const seen = await hearing;
  for (const client of clients) client.close();

  const frames = Math.ceil(answerMs / FRAME_MS);
  const short = seen.map(({ arrivedAtMs, fillers }) => Math.abs(arrivedAtMs.length - fillers - frames));
  return {
    gapErrorMs: summarise(seen.flatMap(({ arrivedAtMs }) => gapErrorsMs(arrivedAtMs))),
    misplaced: sum(short) + sum(seen.map(({ misplaced }) => misplaced)),
    fillers: sum(seen.map(({ fillers }) => fillers)),
    usage,
  };
}

/** How far each steady frame's distance from the one before was from 1/30 s. */
export function gapErrorsMs(arrivedAtMs: readonly number[]): number[] {
  return arrivedAtMs
    .slice(FIRST_STEADY_FRAME)
    .map((atMs, index) => Math.abs(atMs - (arrivedAtMs[FIRST_STEADY_FRAME + index - 1] ?? atMs) - FRAME_MS));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
