import { setTimeout as delay } from 'node:timers/promises';
import { Client, type SeenAnswer } from '../client.ts';
import { FAST_DELIVERY } from '../order.ts';
import { type FramesBy, framesBetween } from './face-metrics.ts';
import type { FaceServer } from './face-server.ts';

/** Between the last answer's start and the steady stretch, and between that and the first answer's end. */
const SETTLE_MS = 500;

/** Conversations in which the avatar speaks at once. */
export interface SpeakingOptions {
  readonly sessions: number;
  readonly answerMs: number;
  /** The answers begin spread evenly over this time. */
  readonly spreadMs: number;
}

/** What the server did for them. */
export interface SpeakingSeen {
  readonly answers: readonly SeenAnswer[];
  /** Of all answers, from beginning to end. */
  readonly frames: FramesBy;
  readonly deadlineMisses: number;
  /** While all spoke. */
  readonly steady: {
    readonly seconds: number;
    readonly windows: number;
    readonly frames: FramesBy;
    readonly utilisation: number;
    readonly windowP50Ms: number;
    readonly windowP95Ms: number;
  };
}

/** Lets so many speak at once, each one answer, and looks at what faces they got. */
export async function speaking(server: FaceServer, options: SpeakingOptions): Promise<SpeakingSeen> {
  const { sessions, answerMs, spreadMs } = options;
  const clients = await Client.connectMany(server.child.port, sessions);
  const before = await server.metrics();
  const hearing = Promise.all(
    clients.map((client, id) =>
      client.hear({
        id,
        pauseMs: (id / sessions) * spreadMs,
        durationMs: answerMs,
        ...FAST_DELIVERY,
      }),
    ),
  );
  const steady = await Promise.race([
    steadyStretch(server, spreadMs, answerMs),
    hearing.then(() => Promise.reject(new Error('the answers were over before all spoke'))),
  ]);
  const answers = await hearing;
  const after = await server.metrics();
  for (const client of clients) client.close();
  return {
    answers,
    frames: framesBetween(before, after),
    deadlineMisses: after.deadlineMisses - before.deadlineMisses,
    steady,
  };
}

async function steadyStretch(
  server: FaceServer,
  spreadMs: number,
  answerMs: number,
): Promise<SpeakingSeen['steady']> {
  await delay(spreadMs + SETTLE_MS);
  const startedAtMs = performance.now();
  const [windowsBefore, before] = await Promise.all([server.child.ask('windows'), server.metrics()]);
  await delay(answerMs - spreadMs - 2 * SETTLE_MS);
  const [windowsAfter, after] = await Promise.all([server.child.ask('windows'), server.metrics()]);
  return {
    seconds: (performance.now() - startedAtMs) / 1000,
    windows: windowsAfter - windowsBefore,
    frames: framesBetween(before, after),
    utilisation: after.utilisation,
    windowP50Ms: after.windowP50Ms,
    windowP95Ms: after.windowP95Ms,
  };
}
