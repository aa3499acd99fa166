import { availableParallelism, cpus } from 'node:os';
import { serverFaces } from './contestants/animators.ts';
import { peers } from './contestants/peers.ts';
import { realVoices } from './material/real-voices.ts';
import { recordings } from './material/recordings.ts';
import { syntheticSpeech } from './material/synthetic.ts';
import { type Material, measure } from './measure.ts';
import { writePage } from './report/page.ts';
import { correlationBars, trackPlot } from './report/plots.ts';
import { cellsOf, markdownTable } from './report/rows.ts';
import type { Result } from './result.ts';

/** Seconds of speech in the plot of the curves. */
const PLOTTED_S = 3.6;

/** Of a peer's two tables, the one that is drawn. */
const DRAWN = ['embedded', 'loudness', 'wav2arkit', 'wawa-lipsync (lam)', 'headaudio (lam)'];

/**
 * `npm run eval:face`: measures every face the server has, and the peers, on the same sound; prints the table.
 * `npm run eval:face -- --write` also puts it into docs/face-quality.md, with its plots.
 */
async function main(argv: readonly string[]): Promise<void> {
  const real = realVoices();
  const material: Material = { recordings: recordings(), synthetic: await syntheticSpeech(), real };
  const notes: string[] = [...real.missing];
  if (material.recordings.length === 0)
    notes.push(
      'no recordings at ../shared/lipsync-dev: what is compared with the full-size model is left out',
    );
  const own = await serverFaces();
  const others = await peers();
  notes.push(...own.missing, ...others.missing);
  const results: Result[] = [];
  try {
    for (const contestant of [...own.contestants, ...others.contestants]) {
      results.push(await measure(contestant, material));
      console.error(`measured ${contestant.name}`);
    }
  } finally {
    await Promise.all([...own.contestants, ...others.contestants].map((contestant) => contestant.close()));
  }
  const table = markdownTable(cellsOf(results));
  console.log(`${machine()}\n\n${table}\n`);
  for (const note of notes) console.log(`note: ${note}`);
  if (!argv.includes('--write')) return;
  const drawn = DRAWN.flatMap((name) => results.filter((result) => result.name === name));
  const [first] = material.synthetic;
  writePage(`${machine()}\n\n${table}`, {
    'correlations.svg': correlationBars(drawn),
    ...(first && { 'curves.svg': trackPlot(first, drawn, PLOTTED_S) }),
  });
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  return `${model}, ${availableParallelism()} cores; Node ${process.version}; ${new Date().toISOString().slice(0, 10)}`;
}

await main(process.argv.slice(2));
