import { loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { complaintsOf } from '../../test/support/chromium.ts';
import { runApp } from '../../test/support/client.ts';
import { afterStop, type Findings, findingsOf } from '../../test/support/sync/findings.ts';
import { enter, OWN_PAGE, perform, studio, type Venue } from '../../test/support/sync/performance.ts';
import { scoreAgent, scoreAnimator } from '../../test/support/sync/score.ts';
import { launchStage, newStagePage } from '../../test/support/sync/stage.ts';
import { atLeast, atMost, type Figure, type Row } from '../figure.ts';
import { summarise } from '../stats.ts';

const SECONDS = 30;

/** Interrupts are tried so often. */
const STOPS = 5;

/** A page's answer, and what followed each press of its stop button. */
interface Shown {
  readonly findings: Findings;
  readonly complaints: readonly string[];
  readonly stops: readonly ReturnType<typeof afterStop>[];
  readonly load: number;
}

/** Sound and picture of a 30 s answer in a browser that draws on the processor; see test/support/sync for how it is known. */
export const pageSync: Figure = {
  name: 'page-sync',
  title: `sound and picture of an answer of ${SECONDS} s, by the samples that left and the vertices that were drawn (floor: the same with a line instead of a face)`,
  run: async () => {
    const browser = await launchStage();
    const running = await runApp({}, { agent: scoreAgent(), animator: scoreAnimator() });
    try {
      const floor = await show(browser, running.http, studio('bars'));
      const own = await show(browser, running.http, OWN_PAGE);
      const head = await show(browser, running.http, studio('head'));
      return [...rowsOf('the page', own, floor), ...rowsOf('the face alone', head, floor)];
    } finally {
      await browser.close();
      await running.app.close();
    }
  },
};

async function show(browser: Browser, server: string, venue: Venue): Promise<Shown> {
  const page = await newStagePage(browser);
  const complaints = complaintsOf(page);
  await enter(page, server, venue);
  const findings = findingsOf(await perform(page, { seconds: SECONDS }), SECONDS);
  const load = loadavg()[0] ?? 0;
  const stops = [];
  for (let count = 0; count < STOPS; count += 1) {
    const recording = await perform(page, { seconds: SECONDS, stopAfterMs: 900 + 70 * count });
    stops.push(afterStop(recording, findingsOf(recording, SECONDS)));
  }
  await page.close();
  return { findings, complaints, stops, load };
}

function rowsOf(name: string, shown: Shown, floor: Shown): readonly Row[] {
  const share = ({ findings }: Shown, count: number) => (100 * count) / Math.max(1, findings.frames - 3);
  const inTime = share(shown, shown.findings.framesInTime);
  const aheadOf = ({ findings }: Shown) =>
    ['p50', 'p95', 'max'].map((which) =>
      summarise(findings.pictures.map(({ aheadMs }) => -aheadMs))[which as 'p50'].toFixed(1),
    );
  const worst = (of: Shown, which: 'silentMs' | 'toldMs' | 'closedMs') =>
    Math.max(...of.stops.map((stop) => stop[which] ?? Number.POSITIVE_INFINITY));
  const spoiled = shown.findings.frames - shown.findings.sounded.whole.length;
  return [
    {
      what: `${name}: frames with a picture within a frame of their sound`,
      measured: `${inTime.toFixed(1)} %`,
      floor: `${share(floor, floor.findings.framesInTime).toFixed(1)} %`,
      ...atLeast(inTime, 100, 'all'),
    },
    {
      what: `${name}: picture after its sound, p50 / p95 / max (ms)`,
      measured: aheadOf(shown).join(' / '),
      floor: aheadOf(floor).join(' / '),
    },
    {
      what: `${name}: pictures a second; frames drawn`,
      measured: `${(shown.findings.pictures.length / SECONDS).toFixed(1)}; ${share(shown, shown.findings.framesDrawn).toFixed(1)} %`,
      floor: `${(floor.findings.pictures.length / SECONDS).toFixed(1)}; ${share(floor, floor.findings.framesDrawn).toFixed(1)} %`,
    },
    {
      what: `${name}: frames of sound lost or changed; breaks`,
      measured: `${spoiled}; ${shown.findings.sounded.gaps.length}`,
      floor: `${floor.findings.frames - floor.findings.sounded.whole.length}; ${floor.findings.sounded.gaps.length}`,
      ...atMost(spoiled + shown.findings.sounded.gaps.length, 0, 'none'),
    },
    {
      what: `${name}: stop button to silence, at most of ${STOPS} (ms)`,
      measured: worst(shown, 'silentMs').toFixed(1),
      floor: worst(floor, 'silentMs').toFixed(1),
      ...atMost(worst(shown, 'silentMs'), 100, '100'),
    },
    {
      what: `${name}: stop button to another state; to a closed mouth (ms)`,
      measured: `${worst(shown, 'toldMs').toFixed(1)}; ${worst(shown, 'closedMs').toFixed(0)}`,
      floor: `${worst(floor, 'toldMs').toFixed(1)}; ${worst(floor, 'closedMs').toFixed(0)}`,
      ...atMost(worst(shown, 'toldMs'), 100, '100 (state)'),
    },
    {
      what: `${name}: complaints in the console; load of the machine`,
      measured: `${shown.complaints.length}; ${shown.load.toFixed(1)}`,
      floor: `${floor.complaints.length}; ${floor.load.toFixed(1)}`,
      ...atMost(shown.complaints.length, 0, 'none'),
    },
  ];
}
