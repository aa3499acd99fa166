import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Figure } from './figure.ts';
import { encode } from './figures/encode.ts';
import { end } from './figures/end.ts';
import { exactness } from './figures/exactness.ts';
import { firstFrame } from './figures/first-frame.ts';
import { memory } from './figures/memory.ts';
import { sessions } from './figures/sessions.ts';
import { table } from './table.ts';

/** All figures, the most easily disturbed first. */
const FIGURES: readonly Figure[] = [firstFrame, end, sessions, memory, encode, exactness];

/** Above this load average at its start, somebody else's work is in a figure (a part of it is our own last figure's). */
const BUSY_LOAD = 1.5;

/**
 * `npm run bench`, or `npm run bench -- first-frame …` for some: prints every figure beside its floor and its limit.
 * Exits with 1 if a limit was missed, with 2 if there is no such figure.
 */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => FIGURES.every((figure) => figure.name !== name));
  if (unknown.length > 0) {
    console.error(
      `no such figure: ${unknown.join(', ')}; there are ${FIGURES.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  console.log(machine());
  const missed: string[] = [];
  for (const figure of FIGURES) {
    if (names.length > 0 && !names.includes(figure.name)) continue;
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
