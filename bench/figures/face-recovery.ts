import { setTimeout as delay } from 'node:timers/promises';
import { Client, type SeenAnswer } from '../client.ts';
import { type FaceMetrics, framesBetween, MAKERS } from '../face/face-metrics.ts';
import { FaceServer } from '../face/face-server.ts';
import { samplesThatDiffer, soundOf } from '../face/sound-of.ts';
import { atLeast, atMost, type Figure, type Row } from '../figure.ts';
import { monotonicMs } from '../monotonic.ts';
import { FAST_DELIVERY } from '../order.ts';
import { cachedStandIn } from '../stand-in/cached.ts';
import { summarise } from '../stats.ts';
import { spread } from '../table.ts';
import { voice } from '../voice.ts';

const ROUNDS = 3;
const SESSIONS = 10;
const ANSWER_MS = 9000;
const SPREAD_MS = 1500;
const SAMPLE_RATE = 24_000;
const FRAME_MS = 1000 / 30;

/** The kill falls into different moments of the windows. */
const KILL_AT_MS = 5000;
const KILL_STEP_MS = 47;

/** What is compared with each other: so long before the kill, and so long after it. */
const STRETCH_MS = 2000;

const MOST_GAP_MS = 150;

/** More than timers wander by themselves. */
const MOST_MOVED_MS = 15;

/** One round: what the clients saw of a kill. */
interface Round {
  readonly killedAtMs: number;
  readonly answers: readonly SeenAnswer[];
  readonly before: FaceMetrics;
  readonly after: FaceMetrics;
  readonly replacingAfterMs: number;
}

/** What listeners notice when an inference process is killed. */
export const faceRecovery: Figure = {
  name: 'face-recovery',
  title: `kill -9 of an inference process while ${SESSIONS} speak, full-size stand-in, ${ROUNDS} rounds`,
  run: async () => {
    await using server = await FaceServer.start({ model: await cachedStandIn(), admission: true });
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await take(server, round));
    return rows(rounds);
  },
};

async function take(server: FaceServer, round: number): Promise<Round> {
  const { port } = server.child;
  const clients = await Promise.all(
    Array.from({ length: SESSIONS }, () => Client.connect(port, { keep: true })),
  );
  const before = await server.metrics();
  const hearing = Promise.all(
    clients.map((client, id) => {
      const pauseMs = (id / SESSIONS) * SPREAD_MS;
      return client.hear({ id, pauseMs, durationMs: ANSWER_MS, ...FAST_DELIVERY });
    }),
  );
  await delay(KILL_AT_MS + round * KILL_STEP_MS);
  const pids = server.inferencePids();
  const victim = pids[round % pids.length];
  if (victim === undefined) throw new Error('there is no inference process to kill');
  const killedAtMs = monotonicMs();
  process.kill(victim, 'SIGKILL');
  const [answers, replacingAfterMs] = await Promise.all([hearing, untilReplaced(server, before, killedAtMs)]);
  const after = await server.metrics();
  for (const client of clients) client.close();
  return { killedAtMs, answers, before, after, replacingAfterMs };
}

/** Milliseconds until the server says that it has begun to replace the process; infinite if not before the answers end. */
async function untilReplaced(server: FaceServer, before: FaceMetrics, killedAtMs: number): Promise<number> {
  while (monotonicMs() - killedAtMs < ANSWER_MS) {
    await delay(50);
    if ((await server.metrics()).restarts > before.restarts) return monotonicMs() - killedAtMs;
  }
  return Number.POSITIVE_INFINITY;
}

function rows(rounds: readonly Round[]): Row[] {
  const answers = rounds.flatMap((round) => round.answers);
  const said = voice(SAMPLE_RATE)(0, ANSWER_MS);
  const different = answers.reduce((sum, answer) => sum + samplesThatDiffer(soundOf(answer), said), 0);
  const fillers = answers.reduce((sum, answer) => sum + answer.fillers + answer.misplaced, 0);
  const gaps = summarise(rounds.flatMap((round) => gapsMs(round, 0, STRETCH_MS)));
  const errors = (fromMs: number) =>
    summarise(
      rounds.flatMap((round) =>
        gapsMs(round, fromMs, fromMs + STRETCH_MS).map((ms) => Math.abs(ms - FRAME_MS)),
      ),
    );
  const calm = errors(-STRETCH_MS);
  const hit = errors(0);
  const movedMs = hit.p99 - calm.p99;
  const by = MAKERS.map((maker) => {
    const counts = rounds.map(({ before, after }) => framesBetween(before, after)[maker]);
    return `${maker} ${counts.join('/')}`;
  });
  const replaced = rounds.filter(({ before, after }) => after.restarts > before.restarts).length;
  return [
    {
      what: 'longest time from one frame to the next at any client in the 2 s after the kill (ms)',
      measured: gaps.max.toFixed(1),
      ...atMost(gaps.max, MOST_GAP_MS, `≤ ${MOST_GAP_MS}`),
    },
    {
      what: `samples that differ from the agent's, of ${answers.length} answers`,
      measured: String(different),
      ...atMost(different, 0, '0'),
    },
    {
      what: 'frames of silence put in, lost, doubled or out of order',
      measured: String(fillers),
      ...atMost(fillers, 0, '0'),
    },
    {
      what: 'gap error of all sessions in the 2 s before, and after, p50 / p99 / max (ms)',
      measured: `${spread(calm, 'p99')}, and ${spread(hit, 'p99')}`,
      ...atMost(movedMs, MOST_MOVED_MS, `p99 moves ≤ ${MOST_MOVED_MS}`),
    },
    { what: 'frames by who made them, in each round', measured: by.join(', ') },
    {
      what: 'processes whose replacement was begun; after (ms)',
      measured: `${replaced} of ${rounds.length}; ${rounds.map((round) => round.replacingAfterMs.toFixed(0)).join(', ')}`,
      ...atLeast(replaced, rounds.length, `${rounds.length}`),
    },
  ];
}

/** From each frame to the next, of all answers, where the later one came in that time from the kill. */
function gapsMs({ answers, killedAtMs }: Round, fromMs: number, toMs: number): number[] {
  return answers.flatMap(({ arrivedAtMs }) =>
    arrivedAtMs.flatMap((atMs, index) => {
      const previous = arrivedAtMs[index - 1];
      const sinceKill = atMs - killedAtMs;
      return previous !== undefined && sinceKill >= fromMs && sinceKill < toMs ? [atMs - previous] : [];
    }),
  );
}
