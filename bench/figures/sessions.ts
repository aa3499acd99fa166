import { type CrowdSeen, crowd } from '../crowd.ts';
import { atMost, type Figure, type Row } from '../figure.ts';
import { median } from '../stats.ts';
import { spread } from '../table.ts';

/** Ours may be this much above the floor. */
const LIMIT_ABOVE_FLOOR_MS = 15;

/** The floor and ours take turns, and the middle round counts: one busy moment of the machine is not a verdict. */
const ROUNDS = 3;
const MAIN_SESSIONS = 100;
const MAIN_ANSWER_MS = 20_000;
const MAIN_FLOOR_MS = 8000;
/** And, of the middle round, not more than this: of a core, and of the event loop's lateness. */
const LIMIT_CPU_PERCENT = 45;
const LIMIT_LOOP_MS = 20;
const RAMP = [200, 300] as const;
const RAMP_ANSWER_MS = 10_000;
const MIB = 1024 * 1024;

/** How evenly frames come when many speak at once, and what that costs. */
export const sessions: Figure = {
  name: 'sessions',
  title: 'Sessions speaking at once (gap error: how far two frames are from being 1/30 s apart)',
  run: async () => {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await take(MAIN_SESSIONS, MAIN_ANSWER_MS, MAIN_FLOOR_MS));
    }
    const aboveMs = rounds.map(({ ours, floor }) => ours.gapErrorMs.p99 - floor.gapErrorMs.p99);
    const rows: Row[] = [
      ...crowdRows(MAIN_SESSIONS, rounds),
      {
        what: `${MAIN_SESSIONS}: gap error p99 above the floor's (ms), the middle of ${ROUNDS} rounds`,
        measured: `${median(aboveMs).toFixed(1)} of ${aboveMs.map((ms) => ms.toFixed(1)).join(', ')}`,
        ...atMost(median(aboveMs), LIMIT_ABOVE_FLOOR_MS, `≤ ${LIMIT_ABOVE_FLOOR_MS}`),
      },
    ];
    const cpuPercent = median(rounds.map(({ ours }) => ours.usage.cpuPercent));
    const loopMs = median(rounds.map(({ ours }) => ours.usage.loopDelayP99Ms));
    rows.push(
      {
        what: `${MAIN_SESSIONS}: CPU, the middle round (%)`,
        measured: cpuPercent.toFixed(0),
        ...atMost(cpuPercent, LIMIT_CPU_PERCENT, `≤ ${LIMIT_CPU_PERCENT}`),
      },
      {
        what: `${MAIN_SESSIONS}: event loop delay p99, the middle round (ms)`,
        measured: loopMs.toFixed(1),
        ...atMost(loopMs, LIMIT_LOOP_MS, `≤ ${LIMIT_LOOP_MS}`),
      },
    );
    for (const count of RAMP) {
      rows.push(...crowdRows(count, [await take(count, RAMP_ANSWER_MS, RAMP_ANSWER_MS)]));
    }
    return rows;
  },
};

/** The floor, and at once after it ours. */
interface Round {
  readonly ours: CrowdSeen;
  readonly floor: CrowdSeen;
}

async function take(count: number, answerMs: number, floorMs: number): Promise<Round> {
  const floor = await crowd({ child: 'floor', sessions: count, answerMs: floorMs });
  const ours = await crowd({ child: 'server', sessions: count, answerMs });
  return { ours, floor };
}

function crowdRows(count: number, rounds: readonly Round[]): Row[] {
  const compare = (what: string, show: (seen: CrowdSeen) => string): Row => ({
    what: `${count}: ${what}`,
    measured: rounds.map(({ ours }) => show(ours)).join(', '),
    floor: rounds.map(({ floor }) => show(floor)).join(', '),
  });
  const misplaced = rounds.reduce((sum, { ours }) => sum + ours.misplaced, 0);
  return [
    compare('gap error p50 / p99 / max (ms)', ({ gapErrorMs }) => spread(gapErrorMs, 'p99')),
    {
      ...compare('frames missing, doubled or out of order', (seen) => String(seen.misplaced)),
      ...atMost(misplaced, 0, '0'),
    },
    compare('frames of silence put in', ({ fillers }) => String(fillers)),
    compare('CPU of one core (%)', ({ usage }) => usage.cpuPercent.toFixed(0)),
    compare('event loop delay p99 (ms)', ({ usage }) => usage.loopDelayP99Ms.toFixed(1)),
    compare('memory, RSS (MiB)', ({ usage }) => (usage.rssBytes / MIB).toFixed(0)),
  ];
}
