import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../src/face/liveliness/seeded-random.ts';
import { Child } from '../child.ts';
import { atMost, type Figure } from '../figure.ts';
import { untilSessions } from '../session-count.ts';
import { type SoakCounts, soak as soaking } from '../soaker.ts';

/** BENCH_SOAK_MINUTES says how long; the checklist's form is 30. */
const MINUTES = Number(process.env['BENCH_SOAK_MINUTES'] ?? 5);
const SESSIONS = 50;

/** With so many places this makes one connect a second. */
const STAYS_MS = SESSIONS * 1000;
const SAMPLE_EVERY_MS = 5000;

/** Nothing is judged before: the first five minutes of half an hour, or half of a shorter run. */
const WARM_UP_MINUTES = Math.min(5, MINUTES / 2);
const LIMIT_SLOPE_MIB = 1;
const LIMIT_HEAP_SHARE = 0.1;
const MIB = 1024 * 1024;

interface Sample {
  readonly atMin: number;
  readonly rssMib: number;
  readonly heapMib: number;
  readonly reservedMib: number;
}

/** A crowd that comes and goes for long; run by name. */
export const soak: Figure = {
  name: 'soak',
  title: `${SESSIONS} sessions for ${MINUTES} minutes: one connect a second, interrupts, agents that break`,
  run: async () => {
    await using child = await Child.start('server');
    const counts: SoakCounts = { connects: 0, answers: 0, interrupts: 0, losses: 0, failures: 0 };
    const random = seededRandom(1).even;
    await crowd(child.port, 5000, random, { ...counts }); // code is compiled, pools are filled
    await untilSessions(child.port, 0, 5000);
    const before = await child.ask('held');

    const samples: Sample[] = [];
    const startedAtMs = performance.now();
    const everybody = crowd(child.port, MINUTES * 60_000, random, counts);
    while (performance.now() - startedAtMs < MINUTES * 60_000) {
      await delay(SAMPLE_EVERY_MS);
      const { rssBytes, heapBytes, reservedBytes } = await child.ask('held');
      const atMin = (performance.now() - startedAtMs) / 60_000;
      samples.push({
        atMin,
        rssMib: rssBytes / MIB,
        heapMib: heapBytes / MIB,
        reservedMib: reservedBytes / MIB,
      });
    }
    await everybody;
    const emptyAfterMs = await untilSessions(child.port, 0, 10_000);
    await delay(6000); // connections that only asked for metrics are kept for 5 s
    const after = await child.ask('held');

    const steady = samples.filter(({ atMin }) => atMin > WARM_UP_MINUTES);
    const slopeMib = slope(steady, ({ rssMib }) => rssMib) * 10;
    const heapSlopeMib = slope(steady, ({ heapMib }) => heapMib) * 10;
    const heapShare = after.heapBytes / before.heapBytes - 1;
    const more = extra(after.resources, before.resources);
    return [
      {
        what: 'connects / answers / interrupts / agents lost',
        measured: [counts.connects, counts.answers, counts.interrupts, counts.losses].join(' / '),
      },
      {
        what: 'answers or connections that failed',
        measured: String(counts.failures),
        ...atMost(counts.failures, 0, '0'),
      },
      {
        what: 'RSS after a garbage collection, at the end of each tenth after the warm-up (MiB)',
        measured: tenths(steady, ({ rssMib }) => rssMib),
      },
      {
        what: 'of it, what V8 keeps reserved for its heap (MiB)',
        measured: tenths(steady, ({ reservedMib }) => reservedMib),
      },
      {
        what: 'its slope after the warm-up (MiB in 10 minutes)',
        measured: slopeMib.toFixed(2),
        ...atMost(slopeMib, LIMIT_SLOPE_MIB, `≤ ${LIMIT_SLOPE_MIB}`),
      },
      {
        what: 'slope of the heap in use (MiB in 10 minutes)',
        measured: heapSlopeMib.toFixed(2),
        ...atMost(heapSlopeMib, LIMIT_SLOPE_MIB, `≤ ${LIMIT_SLOPE_MIB}`),
      },
      {
        what: 'no session left after (ms)',
        measured: emptyAfterMs.toFixed(0),
        ...atMost(emptyAfterMs, 10_000, '≤ 10000'),
      },
      {
        what: 'timers and sockets more than before',
        measured: more.length === 0 ? '0' : more.join(', '),
        ...atMost(more.length, 0, '0'),
      },
      {
        what: 'heap in use before and after (MiB), and by how much more (%)',
        measured: `${(before.heapBytes / MIB).toFixed(1)}, ${(after.heapBytes / MIB).toFixed(1)}: ${(heapShare * 100).toFixed(1)}`,
        ...atMost(heapShare, LIMIT_HEAP_SHARE, `≤ ${LIMIT_HEAP_SHARE * 100}`),
      },
    ];
  },
};

async function crowd(port: number, forMs: number, random: () => number, counts: SoakCounts): Promise<void> {
  const signal = AbortSignal.timeout(forMs);
  await Promise.all(Array.from({ length: SESSIONS }, () => soaking(port, STAYS_MS, random, counts, signal)));
}

function tenths(samples: readonly Sample[], value: (sample: Sample) => number): string {
  const every = Math.max(1, Math.floor(samples.length / 10));
  const shown = samples.filter((_, index) => index % every === every - 1);
  return shown.map((sample) => value(sample).toFixed(0)).join(', ');
}

/** Of a straight line through the samples (least squares), MiB a minute. */
function slope(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const atMin = mean((sample) => sample.atMin);
  const middle = mean(value);
  const spread = mean((sample) => (sample.atMin - atMin) ** 2);
  return mean((sample) => (sample.atMin - atMin) * (value(sample) - middle)) / spread;
}

/** What is in the first list and not in the second, each as often as it is there more. */
function extra(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before];
  return now.filter((kind) => {
    const at = left.indexOf(kind);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}
