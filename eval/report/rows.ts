import type { Closures } from '../measures/closures.ts';
import type { Result } from '../result.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** What is aimed at, in words. */
  readonly target: string;
  readonly value: (result: Result) => string;
}

/** The table, line by line. */
export const ROWS: readonly Row[] = [
  { what: 'mouth r (14 channels)', target: '≥ .50', value: ({ resemblance }) => share(resemblance?.mouth) },
  {
    what: 'the same, each at its best lag',
    target: '',
    value: ({ resemblance }) => share(resemblance?.mouthAtBestLag),
  },
  { what: 'jawOpen r', target: '≥ .50', value: ({ resemblance }) => share(resemblance?.jawOpen) },
  {
    what: 'mouthLowerDown r',
    target: '≥ .70',
    value: ({ resemblance }) => share(resemblance?.mouthLowerDown),
  },
  { what: 'aperture r', target: '', value: ({ resemblance }) => share(resemblance?.aperture) },
  { what: 'mouth r under noise (10 dB)', target: '', value: ({ noisyMouth }) => share(noisyMouth) },
  { what: 'mouth r in an 8 kHz band', target: '', value: ({ narrowMouth }) => share(narrowMouth) },
  { what: 'lead over the sound (ms)', target: '30 to 110', value: ({ leadMs }) => leadMs.toFixed(0) },
  {
    what: 'silence: aperture',
    target: '≤ .03',
    value: ({ stillness }) => three(stillness.aperture),
  },
  { what: 'silence: change a frame', target: '≤ .005', value: ({ stillness }) => three(stillness.change) },
  { what: 'p b m: recall', target: '≥ .90', value: ({ closures }) => share(closures.recall) },
  { what: 'p b m: precision', target: '≥ .80', value: ({ closures }) => share(closures.precision) },
  {
    what: 'p b m under noise: recall / precision',
    target: '',
    value: ({ noisyClosures }) => both(noisyClosures),
  },
  {
    what: 'p b m in an 8 kHz band: recall / precision',
    target: '',
    value: ({ narrowClosures }) => both(narrowClosures),
  },
  {
    what: 'p b m, a reader of LibriVox: recall / precision',
    target: '≥ .80 / .50',
    value: ({ librivoxClosures }) => both(librivoxClosures),
  },
  {
    what: 'p b m, a Russian speaker: recall / precision',
    target: '≥ .80 / .50',
    value: ({ russianClosures }) => both(russianClosures),
  },
  { what: 'right viseme of 15, by frame', target: '≥ .75', value: (result) => share(result.visemeAccuracy) },
  {
    what: "d': open at a, not at p b m",
    target: '',
    value: ({ contrasts }) => one(contrasts.openOverClosed),
  },
  { what: "d': open at a, not at ee", target: '', value: ({ contrasts }) => one(contrasts.openOverNarrow) },
  { what: "d': forward at o u only", target: '', value: ({ contrasts }) => one(contrasts.roundOverOthers) },
  { what: "d': wide at ee, not at o u", target: '', value: ({ contrasts }) => one(contrasts.wideOverRound) },
  {
    what: 'change at seams, of elsewhere',
    target: '.8 to 1.25',
    value: ({ streaming }) => two(streaming?.seamRatio),
  },
  {
    what: 'in pieces as at once, r',
    target: '≥ .98',
    value: ({ streaming }) => (streaming === undefined ? '' : streaming.likeWhole.toFixed(3)),
  },
  { what: 'ms of a core for a second of sound', target: '', value: ({ cpuMsPerS }) => one(cpuMsPerS) },
];

/** The cells of a table: a head, and a line for each row. */
export function cellsOf(results: readonly Result[]): readonly (readonly string[])[] {
  return [
    ['', 'aimed at', ...results.map(({ name }) => name)],
    ...ROWS.map(({ what, target, value }) => [what, target, ...results.map(value)]),
  ];
}

/** Cells as Markdown, padded so that they read well in a terminal, too. */
export function markdownTable(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...lines] = cells;
  return [print(head), rule, ...lines.map(print)].join('\n');
}

function both(closures: Closures | undefined): string {
  return closures === undefined ? '' : `${share(closures.recall)} / ${share(closures.precision)}`;
}

/** .50: as correlations and shares are printed. */
function share(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(2).replace(/^(-?)0\./, '$1.');
}

function three(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3).replace(/^0\./, '.') : '';
}

function two(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(2);
}

function one(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(1);
}
