import type { Logger } from '../../log.ts';

/** So many kinds are told; a provider that invents more is not worth the log. */
const MAX_KINDS = 50;

/** What the provider sends that nobody understands: logged once for each kind, never with its content. One per agent. */
export class Oddities {
  readonly #log: Logger;
  readonly #seen = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Something of this kind came and is ignored. `kind` is a few words of ours, or the name of a field. */
  note(kind: string): void {
    if (this.#seen.has(kind) || this.#seen.size >= MAX_KINDS) return;
    this.#seen.add(kind);
    this.#log.warn({ kind }, 'Gemini sent something that is ignored (told once)');
  }
}
