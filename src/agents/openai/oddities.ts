import type { Logger } from '../../log.ts';

/** So many kinds are logged in a process's life; a provider that invents names must not fill the log. */
const MAX_KINDS = 100;
const MAX_NAME_CHARS = 80;

/** What the provider sends that it should not, or that this version does not know: told once per kind, never its content. */
export class Oddities {
  readonly #log: Logger;
  readonly #kinds = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Logs the kind, if it is new. `details` must hold codes and numbers only. */
  note(kind: string, details: Readonly<Record<string, string | number | undefined>> = {}): void {
    const name = kind.slice(0, MAX_NAME_CHARS);
    if (this.#kinds.has(name) || this.#kinds.size >= MAX_KINDS) return;
    this.#kinds.add(name);
    this.#log.warn({ agent: 'sample_openai', kind: name, ...details }, 'the provider sent something odd');
  }
}
