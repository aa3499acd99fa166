import { VISEMES, type VisemeWeights, type Weights } from '../client/src/index.js';
import { html } from '../html.js';
import { section } from './section.js';
import { WEIGHT_GROUPS } from './weight-groups.js';
import type { DeveloperWords } from './words.js';

/** A change less than this cannot be seen. */
const STEP = 0.004;

/** One amount as a bar. */
interface Bar {
  readonly name: string;
  readonly track: HTMLElement;
  readonly fill: HTMLElement;
  shown: number;
}

/** A line: its bars, and the largest of them as a number. */
interface Line {
  readonly bars: readonly Bar[];
  readonly value: HTMLElement;
  told: string;
}

/** The 52 weights of the face that is seen, as bars; and its visemes where the server sends them. */
export class WeightsPanel {
  readonly element: HTMLDetailsElement;
  readonly #lines: Line[] = [];
  readonly #visemes: HTMLElement;
  readonly #visemeLines: readonly Line[];

  constructor(words: DeveloperWords) {
    const groups = [...WEIGHT_GROUPS].map(([part, rows]) => {
      const lines = rows.map(({ name, shapes }) => this.#line(name, shapes, this.#lines));
      return group(words.parts[part], lines);
    });
    const visemeLines: Line[] = [];
    const rows = VISEMES.map((name) => this.#line(name, [name], visemeLines));
    this.#visemes = group(words.visemes, rows);
    this.#visemes.hidden = true;
    this.#visemeLines = visemeLines;
    this.element = section(words.weights, html('div', { class: 'weights' }, ...groups, this.#visemes));
  }

  /** Many times a second: undefined while nothing is heard. */
  draw(weights: Weights = {}, visemes: VisemeWeights | undefined): void {
    if (!this.element.open) return;
    move(this.#lines, weights);
    if (visemes !== undefined) this.#visemes.hidden = false;
    if (!this.#visemes.hidden) move(this.#visemeLines, visemes ?? {});
  }

  /** A few times a second: the same in numbers. */
  tell(): void {
    if (!this.element.open) return;
    for (const line of this.#visemes.hidden ? this.#lines : [...this.#lines, ...this.#visemeLines]) {
      const text = Math.max(...line.bars.map(({ shown }) => shown)).toFixed(2);
      for (const { track, shown } of line.bars) track.setAttribute('aria-valuenow', shown.toFixed(2));
      if (text === line.told) continue;
      line.told = text;
      line.value.textContent = text;
      line.value.classList.toggle('zero', text === '0.00');
    }
  }

  #line(name: string, shapes: readonly string[], into: Line[]): HTMLElement {
    const bars = shapes.map(bar);
    const value = html('span', { class: 'value zero', 'aria-hidden': 'true' }, '0.00');
    into.push({ bars, value, told: '' });
    const tracks = html('span', { class: 'bars' }, ...bars.map(({ track }) => track));
    return html(
      'div',
      { class: 'weight', title: shapes.join(', ') },
      html('span', { class: 'name' }, name),
      tracks,
      value,
    );
  }
}

function bar(name: string): Bar {
  const fill = html('i');
  const range = { 'aria-valuemin': 0, 'aria-valuemax': 1, 'aria-valuenow': 0 };
  const track = html('span', { role: 'meter', 'aria-label': name, 'data-shape': name, ...range }, fill);
  return { name, track, fill, shown: 0 };
}

function group(title: string, lines: readonly HTMLElement[]): HTMLElement {
  return html('div', { class: 'group' }, html('h4', {}, title), ...lines);
}

function move(lines: readonly Line[], amounts: Readonly<Record<string, number>>): void {
  for (const { bars } of lines) {
    for (const one of bars) {
      const amount = amounts[one.name] ?? 0;
      // What is at rest ends at nothing, however small the last step.
      if (Math.abs(amount - one.shown) < STEP && (amount > 0 || one.shown === 0)) continue;
      one.shown = amount;
      one.fill.style.transform = `scaleX(${amount.toFixed(3)})`;
    }
  }
}
