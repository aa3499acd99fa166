import type { EngineFigures } from '../src/metrics/engine-metrics.ts';
import { createMetrics } from '../src/metrics/metrics.ts';

/** What a face engine says that has done nothing yet: so that its metrics are shown, too. */
export const AN_ENGINE: EngineFigures = {
  windowMs: { p50: 0, p95: 0 },
  waiting: 0,
  oldestWaitMs: 0,
  windows: 0,
  hopFrames: 0,
  deadlineMisses: 0,
  restarts: 0,
  utilisation: 0,
  breakerOpen: false,
  frames: { model: 0, opening: 0, late: 0, failed: 0, declined: 0 },
};

/** The server's own metrics as a Markdown table: what stands in docs/operations.md. */
export async function metricsTable(): Promise<string> {
  const metrics = createMetrics({
    sessions: () => 0,
    speaking: () => 0,
    face: () => 'loudness',
    engine: () => AN_ENGINE,
  });
  const text = await metrics.text();
  metrics.close();
  const rows = text
    .split(/^# HELP /m)
    .filter((family) => family.startsWith('avatar_'))
    .map(row);
  return ['| Metric | Kind | Labels | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** The row of one metric, whose text begins with its name and help. */
function row(family: string): string {
  const [, name = '', help = '', type = ''] = /^(\S+) (.+)\n# TYPE \S+ (\w+)/.exec(family) ?? [];
  const labels = new Set([...family.matchAll(/(?:\{|,)(\w+)="/g)].map(([, label = '']) => label));
  labels.delete('le'); // a histogram's own
  const shown = [...labels].map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${shown} | ${help} |`;
}
