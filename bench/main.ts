import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Figure } from './figure.ts';
import { bargeIn } from './figures/barge-in.ts';
import { door } from './figures/door.ts';
import { encode } from './figures/encode.ts';
import { end } from './figures/end.ts';
import { exactness } from './figures/exactness.ts';
import { faceEmbedded } from './figures/face-embedded.ts';
import { faceFirstFrame } from './figures/face-first-frame.ts';
import { faceMemory } from './figures/face-memory.ts';
import { facePace } from './figures/face-pace.ts';
import { faceRecovery } from './figures/face-recovery.ts';
import { faceThroughput } from './figures/face-throughput.ts';
import { firstFrame } from './figures/first-frame.ts';
import { memory } from './figures/memory.ts';
import { observing } from './figures/observing.ts';
import { page } from './figures/page.ts';
import { pageSync } from './figures/page-sync.ts';
import { rawInference } from './figures/raw-inference.ts';
import { sessions } from './figures/sessions.ts';
import { soak } from './figures/soak.ts';
import { stoppedReader } from './figures/stopped-reader.ts';
import { storm } from './figures/storm.ts';
import { thinLine } from './figures/thin-line.ts';
import { table } from './table.ts';

/** What runs where no figure is named, the most easily disturbed first. */
const FIGURES: readonly Figure[] = [
  firstFrame,
  bargeIn,
  end,
  storm,
  sessions,
  memory,
  encode,
  observing,
  door,
  exactness,
];

/** Those of the face engine, run by name (`npm run bench:face` names them); the first time, 400 MB of weights are made. */
const FACE_FIGURES: readonly Figure[] = [
  faceEmbedded,
  faceThroughput,
  faceFirstFrame,
  faceRecovery,
  faceMemory,
  rawInference,
];

/** Those of a server that many use, and some badly; run by name (`npm run bench:limits` names them). */
const LIMIT_FIGURES: readonly Figure[] = [stoppedReader, thinLine, soak];

/** Those of what a visitor sees and hears, in Chromium; run by name (`npm run bench:page` names them). */
const PAGE_FIGURES: readonly Figure[] = [page, facePace, pageSync];
const ALL_FIGURES = [...FIGURES, ...FACE_FIGURES, ...LIMIT_FIGURES, ...PAGE_FIGURES];

/** Above this load average at its start, somebody else's work is in a figure (a part of it is our own last figure's). */
const BUSY_LOAD = 1.5;

/**
 * `npm run bench`, `npm run bench -- first-frame …` for some, or `npm run bench:face`: prints each figure beside its floor and its limit.
 * Exits with 1 if a limit was missed, with 2 if there is no such figure.
 */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => ALL_FIGURES.every((figure) => figure.name !== name));
  if (unknown.length > 0) {
    console.error(
      `no such figure: ${unknown.join(', ')}; there are ${ALL_FIGURES.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  console.log(machine());
  const missed: string[] = [];
  const chosen = names.length > 0 ? ALL_FIGURES.filter(({ name }) => names.includes(name)) : FIGURES;
  for (const figure of chosen) {
    const loadBefore = load();
    const startedAt = performance.now();
    const rows = await figure.run();
    const tookS = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(
      `\n## ${figure.name}: ${figure.title}\n\n${table(rows)}\n\n(${tookS} s; before it: ${loadBefore})`,
    );
    missed.push(...rows.filter((row) => row.missed).map((row) => `${figure.name}: ${row.what}`));
  }
  for (const what of missed) console.log(`\nMISSED ${what}`);
  if (missed.length === 0) console.log('\nAll limits kept.');
  return missed.length === 0 ? 0 : 1;
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  return `${model}, ${availableParallelism()} cores; Node ${process.version}; ${new Date().toISOString().slice(0, 10)}`;
}

function load(): string {
  const now = loadavg()[0] ?? 0;
  return `load ${now.toFixed(2)}${now > BUSY_LOAD ? ', others are at work here: alone it would be better' : ''}`;
}

process.exitCode = await main(process.argv.slice(2));
