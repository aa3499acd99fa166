import { html } from '../html.js';
import { type LogEntry, type LogFilter, type MessageLog, passes } from './message-log.js';
import { section } from './section.js';
import { gist, readable } from './wire-text.js';
import type { DeveloperWords } from './words.js';

/** The log has been scrolled to its end if no more than this is below (pixels). */
const AT_END_PX = 24;

/** A line of the list. */
interface Line {
  readonly item: HTMLLIElement;
  readonly count: HTMLElement;
  readonly size: HTMLElement;
  entry: LogEntry;
}

/** The raw messages of both directions, newest last. */
export class MessagesPanel {
  readonly element: HTMLDetailsElement;
  readonly #log: MessageLog;
  readonly #startMs: number;
  readonly #words: DeveloperWords;
  readonly #list = html('ol', { tabindex: 0 });
  readonly #filter: HTMLSelectElement;
  readonly #pause: HTMLButtonElement;
  readonly #state = html('span', { class: 'told', role: 'status' });
  #lines = new Map<number, Line>();
  #shown: readonly LogEntry[] = [];
  /** What is seen while it is paused. */
  #held: { readonly entries: readonly LogEntry[]; readonly lastId: number } | undefined;

  /** @param startMs the times that are shown count from here. */
  constructor(log: MessageLog, startMs: number, words: DeveloperWords) {
    this.#log = log;
    this.#startMs = startMs;
    this.#words = words;
    const options = [
      html('option', { value: 'all' }, words.everything),
      html('option', { value: 'direction sent' }, words.sent),
      html('option', { value: 'direction received' }, words.received),
    ];
    this.#filter = html('select', {}, ...options);
    this.#filter.addEventListener('change', () => this.tell());
    this.#pause = html('button', { type: 'button', 'aria-pressed': 'false' }, words.pause);
    this.#pause.addEventListener('click', () => this.#togglePause());
    const clear = html('button', { type: 'button' }, words.clear);
    clear.addEventListener('click', () => this.#clear());
    this.#list.setAttribute('aria-label', words.messages);
    const tools = html(
      'div',
      { class: 'tools' },
      html('label', {}, `${words.show} `, this.#filter),
      this.#pause,
      clear,
    );
    tools.append(this.#state);
    this.element = section(words.messages, tools, this.#list);
    this.element.classList.add('messages');
  }

  /** A few times a second. */
  tell(): void {
    if (!this.element.open) return;
    this.#offerTypes();
    const { entries } = this.#log;
    if (this.#held !== undefined) {
      const { lastId } = this.#held;
      const more = entries.filter(({ id }) => id > lastId).length;
      this.#state.textContent = more === 0 ? '' : this.#words.waiting(more);
    }
    const filter = this.#chosen();
    this.#show((this.#held?.entries ?? entries).filter((entry) => passes(filter, entry)));
  }

  #show(entries: readonly LogEntry[]): void {
    const same =
      entries.length === this.#shown.length && entries.every((entry, at) => entry === this.#shown[at]);
    if (same) return;
    this.#shown = entries;
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < AT_END_PX;
    const lines = new Map(entries.map((entry) => [entry.id, this.#lines.get(entry.id) ?? this.#line(entry)]));
    for (const [id, { item }] of this.#lines) if (!lines.has(id)) item.remove();
    let before: Element | null = list.firstElementChild;
    for (const entry of entries) {
      const line = lines.get(entry.id);
      if (line === undefined) continue;
      this.#update(line, entry);
      if (line.item === before) before = before.nextElementSibling;
      else list.insertBefore(line.item, before);
    }
    this.#lines = lines;
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  #line(entry: LogEntry): Line {
    const { direction, type, atMs, data } = entry;
    const count = html('span', { class: 'count' });
    const size = html('span', { class: 'size' });
    const arrow = html('span', { class: 'arrow', 'aria-hidden': 'true' }, direction === 'sent' ? '↑' : '↓');
    const summary = html(
      'summary',
      {},
      html('span', { class: 'time' }, ((atMs - this.#startMs) / 1000).toFixed(3)),
      arrow,
      html('span', { class: 'unseen' }, `${this.#words[direction]} `),
      html('span', { class: 'type' }, type),
      count,
      size,
      html('span', { class: 'preview' }, gist(data)),
    );
    const details = html('details', {}, summary);
    const line: Line = {
      item: html('li', { class: direction, 'data-type': type }, details),
      count,
      size,
      entry,
    };
    details.addEventListener('toggle', () => {
      details.querySelector('.whole')?.remove();
      if (details.open) details.append(this.#whole(line.entry));
    });
    return line;
  }

  #update(line: Line, entry: LogEntry): void {
    if (line.entry === entry && line.size.textContent !== '') return;
    line.entry = entry;
    const lastedS = (entry.untilMs - entry.atMs) / 1000;
    line.count.textContent = entry.count === 1 ? '' : `× ${entry.count} · ${lastedS.toFixed(1)} s`;
    line.size.textContent = size(entry.bytes);
  }

  /** The message in full, but for long strings; all of it can be copied. */
  #whole({ data }: LogEntry): HTMLElement {
    const copy = html('button', { type: 'button' }, this.#words.copy);
    copy.addEventListener('click', () => {
      const text = typeof data === 'string' ? data : readable(data);
      const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
      copied.then(
        () => copy.replaceChildren(this.#words.copied),
        () => copy.replaceChildren(this.#words.copyFailed), // not a secure place, or not allowed
      );
    });
    return html('div', { class: 'whole' }, copy, html('pre', { tabindex: 0 }, readable(data)));
  }

  #offerTypes(): void {
    const known = new Set([...this.#filter.options].map(({ value }) => value));
    for (const type of this.#log.types) {
      const value = `type ${type}`;
      if (!known.has(value)) this.#filter.append(html('option', { value }, type));
    }
  }

  #chosen(): LogFilter {
    const [kind, ...rest] = this.#filter.value.split(' ');
    const what = rest.join(' ');
    if (kind === 'direction') return { kind, direction: what === 'sent' ? 'sent' : 'received' };
    return kind === 'type' ? { kind, type: what } : { kind: 'all' };
  }

  #togglePause(): void {
    const { entries } = this.#log;
    const paused = this.#held === undefined;
    this.#held = paused ? { entries: [...entries], lastId: entries.at(-1)?.id ?? 0 } : undefined;
    this.#pause.setAttribute('aria-pressed', String(paused));
    this.#state.textContent = '';
    this.tell();
  }

  #clear(): void {
    this.#log.clear();
    if (this.#held !== undefined) this.#togglePause();
    this.tell();
  }
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
