import { html } from '../html.js';
import { type HeardStrip, type Moment, STRIP_MS } from './heard-strip.js';
import { section } from './section.js';
import { drawTimeline, type Inks } from './timeline-drawing.js';
import type { DeveloperWords } from './words.js';

/** Which of the view's colours each thing has. */
const INKS: Readonly<Record<keyof Inks, string>> = {
  sound: '--ink-sound',
  aperture: '--ink-aperture',
  jaw: '--ink-jaw',
  rounding: '--ink-rounding',
  line: '--line',
  text: '--text',
  quiet: '--quiet',
  bad: '--bad',
};

/** What the arrow keys go by (ms); Page keys go half a second. */
const PAGE_MS = 500;

/** Sound and mouth of what was heard, on one time axis; a pointer or the keyboard reads values. */
export class Timeline {
  readonly element: HTMLDetailsElement;
  readonly #words: DeveloperWords;
  readonly #strip: HeardStrip;
  readonly #canvas = html('canvas', { 'aria-hidden': 'true' });
  readonly #plot: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #readings: Readonly<Record<'aperture' | 'jaw' | 'rounding' | 'level', HTMLElement>>;
  readonly #place: HTMLElement;
  readonly #context = this.#canvas.getContext('2d');
  readonly #observer = new ResizeObserver(() => this.#resize());
  #inks: Inks | undefined;
  #size = { width: 0, height: 0 };
  #drawn = '';
  /** Where the visitor looks: under the pointer (share of the width), or at a place of the strip (ms). */
  #look: { readonly share: number } | { readonly atMs: number } | undefined;

  constructor(strip: HeardStrip, words: DeveloperWords) {
    this.#strip = strip;
    this.#words = words;
    const range = { 'aria-valuemin': -STRIP_MS / 1000, 'aria-valuemax': 0, 'aria-valuenow': 0 };
    this.#empty = html('p', { class: 'empty' }, words.timelineEmpty);
    this.#plot = html(
      'div',
      { class: 'plot', role: 'slider', tabindex: 0, 'aria-label': words.timeline, ...range },
      this.#canvas,
      this.#empty,
    );
    this.#plot.title = words.timelineHelp;
    this.#readings = { aperture: reading(), jaw: reading(), rounding: reading(), level: reading() };
    this.#place = html('span', { class: 'place' });
    const legend = html(
      'p',
      { class: 'legend' },
      ...(['aperture', 'jaw', 'rounding', 'level'] as const).map((name) =>
        html('span', { class: `key ${name}` }, html('i'), `${words[name]} `, this.#readings[name]),
      ),
      html('span', { class: 'key lips' }, html('i'), words.lipsClosed),
      this.#place,
    );
    this.element = section(words.timeline, this.#plot, legend);
    this.#listen();
    this.#observer.observe(this.#plot);
  }

  /** Many times a second; draws only what has changed. */
  draw(): void {
    const cursorMs = this.#cursorMs();
    const state = `${this.#strip.revision} ${cursorMs} ${this.#size.width}`;
    if (!this.element.open || state === this.#drawn || this.#context === null || this.#size.width === 0)
      return;
    this.#drawn = state;
    this.#inks ??= this.#readInks();
    drawTimeline(this.#context, this.#size, this.#strip, this.#inks, cursorMs);
    this.#empty.hidden = this.#strip.moments.length > 0;
    // Numbers under a pointer follow it; others would be too fast to be read, and their layout is what costs.
    if (cursorMs !== undefined) this.#read(cursorMs);
  }

  /** A few times a second: the page may look another way now. */
  tell(): void {
    if (!this.element.open) return;
    const inks = this.#readInks();
    if (JSON.stringify(inks) !== JSON.stringify(this.#inks)) this.#drawn = '';
    this.#inks = inks;
    // Not in every picture: a screen reader has to follow.
    const cursorMs = this.#cursorMs();
    this.#read(cursorMs);
    const now = cursorMs === undefined ? 0 : (cursorMs - this.#strip.endMs) / 1000;
    this.#plot.setAttribute('aria-valuenow', now.toFixed(2));
    this.#plot.setAttribute('aria-valuetext', this.#sentence(cursorMs));
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  #listen(): void {
    const point = (event: PointerEvent) => {
      const { left, width } = this.#plot.getBoundingClientRect();
      this.#look = { share: Math.max(0, Math.min(1, (event.clientX - left) / width)) };
    };
    this.#plot.addEventListener('pointermove', point);
    this.#plot.addEventListener('pointerdown', point);
    this.#plot.addEventListener('pointerleave', () => {
      this.#look = undefined;
    });
    this.#plot.addEventListener('blur', () => {
      this.#look = undefined;
    });
    this.#plot.addEventListener('keydown', (event) => {
      if (this.#step(event.key)) {
        event.preventDefault();
        this.tell();
      }
    });
  }

  /** Goes where a key says. @returns false for keys that say nothing here. */
  #step(key: string): boolean {
    const { endMs, moments } = this.#strip;
    const firstMs = moments[0]?.startMs ?? 0;
    const atMs = this.#cursorMs() ?? endMs;
    const frameMs = this.#strip.at(atMs)?.lengthMs ?? 33;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: atMs - frameMs,
      ArrowDown: atMs - frameMs,
      ArrowRight: atMs + frameMs,
      ArrowUp: atMs + frameMs,
      PageDown: atMs - PAGE_MS,
      PageUp: atMs + PAGE_MS,
      Home: firstMs,
      End: endMs,
    };
    const to = steps[key];
    if (to === undefined) return false;
    this.#look = { atMs: Math.max(firstMs, Math.min(endMs, to)) };
    return true;
  }

  #cursorMs(): number | undefined {
    if (this.#look === undefined) return undefined;
    if ('atMs' in this.#look) return Math.max(this.#look.atMs, this.#strip.endMs - STRIP_MS);
    return this.#strip.endMs - STRIP_MS * (1 - this.#look.share);
  }

  #read(cursorMs: number | undefined): void {
    const moment = cursorMs === undefined ? this.#strip.moments.at(-1) : this.#strip.at(cursorMs);
    for (const name of ['aperture', 'jaw', 'rounding'] as const) {
      this.#readings[name].textContent = moment === undefined ? '–' : moment[name].toFixed(2);
    }
    this.#readings.level.textContent = moment === undefined ? '–' : this.#level(moment);
    this.#place.textContent = cursorMs === undefined ? '' : this.#where(cursorMs, moment);
  }

  #level({ levelDb }: Moment): string {
    return levelDb < -90 ? this.#words.silence : `${levelDb.toFixed(0)} dB`;
  }

  #where(cursorMs: number, moment: Moment | undefined): string {
    const ago = `${((cursorMs - this.#strip.endMs) / 1000).toFixed(2)} s`.replace('-', '−');
    if (moment === undefined) return ago;
    const intoMs = moment.offsetMs + Math.min(moment.lengthMs, cursorMs - moment.startMs);
    const closed = moment.aperture < this.#strip.closedBelow ? ` · ${this.#words.lipsClosed}` : '';
    const mark = this.#strip.marks.find(({ atMs }) => Math.abs(atMs - cursorMs) <= moment.lengthMs / 2);
    const happened = mark === undefined ? '' : ` · ${this.#words.marks[mark.kind]}`;
    return `${ago} · ${this.#words.turn} ${(intoMs / 1000).toFixed(2)} s${closed}${happened}`;
  }

  #sentence(cursorMs: number | undefined): string {
    const moment = cursorMs === undefined ? this.#strip.moments.at(-1) : this.#strip.at(cursorMs);
    if (moment === undefined) return this.#words.timelineEmpty;
    const values = (['aperture', 'jaw', 'rounding'] as const).map(
      (name) => `${this.#words[name]} ${moment[name].toFixed(2)}`,
    );
    return [this.#where(cursorMs ?? this.#strip.endMs, moment), ...values, this.#level(moment)].join(', ');
  }

  #readInks(): Inks {
    const style = getComputedStyle(this.element);
    const inks = Object.entries(INKS).map(([name, property]) => [
      name,
      style.getPropertyValue(property).trim(),
    ]);
    return Object.fromEntries(inks) as Record<keyof Inks, string>;
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#plot;
    const ratio = Math.min(2, window.devicePixelRatio);
    this.#size = { width: clientWidth, height: clientHeight };
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawn = '';
  }
}

function reading(): HTMLElement {
  return html('b', {}, '–'); // no <output>: a screen reader would read thirty a second
}
