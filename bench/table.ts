import type { Row } from './figure.ts';
import type { Summary } from './stats.ts';

const HEADINGS = ['', 'measured', 'floor', 'limit'] as const;

/** A figure's rows as a table in Markdown, which a terminal shows well enough. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, floor = '', limit = '', missed }) => {
    const verdict = missed === undefined ? '' : missed ? ' MISSED' : ' kept';
    return [what, measured, floor, `${limit}${verdict}`];
  });
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, 3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const print = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [print(HEADINGS), print(widths.map((width) => '-'.repeat(width))), ...lines.map(print)].join('\n');
}

/** "1.2 / 3.4 / 5.6": the middle, the given percentile, the largest. */
export function spread(summary: Summary, high: 'p95' | 'p99'): string {
  return [summary.p50, summary[high], summary.max].map((value) => value.toFixed(1)).join(' / ');
}
