import type { FaultKind } from '../client/src/index.js';
import { html } from '../html.js';
import { section } from './section.js';
import type { TurnFigures } from './turn-figures.js';
import type { DeveloperWords, FigureName } from './words.js';

/** What is known now. */
export interface Figures {
  /** Oldest first. */
  readonly turns: readonly TurnFigures[];
  /** Sound that lies ready (ms). */
  readonly leadMs: number;
  readonly roundTripMs: number | undefined;
  readonly picturesPerSecond: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
}

const ORDER: readonly FigureName[] = [
  'firstFrame',
  'firstSound',
  'lead',
  'jitter',
  'missing',
  'underruns',
  'roundTrip',
  'pictures',
  'faults',
];

/** Those that are given for each turn, in the table. */
const COLUMNS = ['firstFrame', 'firstSound', 'lead', 'jitter', 'missing', 'underruns'] as const;

/** Figures of the last turn and of the connection, what they mean, and a table of the last turns. */
export class FiguresPanel {
  readonly element: HTMLDetailsElement;
  readonly #words: DeveloperWords;
  readonly #values = new Map<FigureName, HTMLElement>();
  readonly #rows = html('tbody');
  readonly #table: HTMLElement;
  #shown = '';

  constructor(words: DeveloperWords) {
    this.#words = words;
    const tiles = ORDER.map((name) => this.#tile(name));
    const meanings = ORDER.flatMap((name) => [
      html('dt', {}, words.figures[name].name),
      html('dd', {}, words.figures[name].meaning),
    ]);
    const help = html(
      'details',
      { class: 'help' },
      html('summary', {}, words.meanings),
      html('dl', {}, ...meanings),
    );
    this.#table = this.#makeTable();
    this.element = section(words.numbers, html('dl', { class: 'tiles' }, ...tiles), this.#table, help);
  }

  /** A few times a second. */
  tell(figures: Figures): void {
    if (!this.element.open) return;
    const last = figures.turns.at(-1);
    this.#set('firstFrame', ms(last?.firstFrameMs));
    this.#set('firstSound', ms(last?.firstSoundMs));
    this.#set('lead', ms(figures.leadMs));
    this.#set('jitter', ms(last?.jitterMs));
    this.#set('missing', last === undefined ? '–' : missing(last), last !== undefined && isMissing(last));
    this.#set('underruns', last === undefined ? '–' : String(last.underruns), (last?.underruns ?? 0) > 0);
    this.#set('roundTrip', ms(figures.roundTripMs));
    this.#set('pictures', `${figures.picturesPerSecond} /s`);
    const faults = [...figures.faults].map(([kind, count]) => `${kind} ${count}`);
    this.#set('faults', faults.join(', ') || this.#words.none, faults.length > 0);
    const asked = last?.asked === undefined ? '' : ` (${this.#words.asked[last.asked]})`;
    for (const name of ['firstFrame', 'firstSound'] as const) {
      const tile = this.#values.get(name)?.parentElement;
      if (tile) tile.title = this.#words.figures[name].meaning + asked;
    }
    this.#showTurns(figures.turns);
  }

  #tile(name: FigureName): HTMLElement {
    const { name: title, meaning } = this.#words.figures[name];
    const value = html('dd', {}, '–');
    this.#values.set(name, value);
    return html('div', { title: meaning, 'data-figure': name }, html('dt', {}, title), value);
  }

  #set(name: FigureName, text: string, bad = false): void {
    const value = this.#values.get(name);
    if (value === undefined || value.textContent === text) return;
    value.textContent = text;
    value.classList.toggle('bad', bad);
  }

  #makeTable(): HTMLElement {
    const { columns, figures, history } = this.#words;
    const titles = [columns.turn, ...COLUMNS.map((name) => figures[name].name), columns.length, columns.end];
    const head = html('tr', {}, ...titles.map((title) => html('th', { scope: 'col' }, title)));
    const table = html(
      'table',
      {},
      html('caption', {}, `${history} (ms)`),
      html('thead', {}, head),
      this.#rows,
    );
    const scroll = html('div', { class: 'wide', role: 'region', 'aria-label': history, tabindex: 0 }, table);
    scroll.hidden = true;
    return scroll;
  }

  #showTurns(turns: readonly TurnFigures[]): void {
    const state = JSON.stringify(turns);
    if (state === this.#shown) return;
    this.#shown = state;
    this.#table.hidden = turns.length === 0;
    this.#rows.replaceChildren(...turns.toReversed().map((turn) => this.#row(turn)));
  }

  #row(turn: TurnFigures): HTMLElement {
    const cells = [
      number(turn.firstFrameMs),
      number(turn.firstSoundMs),
      number(turn.leastLeadMs),
      number(turn.jitterMs),
      missing(turn),
      String(turn.underruns),
      number(turn.heardMs),
      this.#words.states[turn.state],
    ];
    return html(
      'tr',
      { title: turn.turnId },
      html('th', { scope: 'row' }, String(turn.number)),
      ...cells.map((text) => html('td', {}, text)),
    );
  }
}

function ms(value: number | undefined): string {
  if (value === undefined) return '–';
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}

function missing({ lost, duplicates, late }: TurnFigures): string {
  return `${lost} · ${duplicates} · ${late}`;
}

function isMissing({ lost, duplicates, late }: TurnFigures): boolean {
  return lost + duplicates + late > 0;
}
