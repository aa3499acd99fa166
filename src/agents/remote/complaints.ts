import type { Logger } from '../../log.ts';

/** So many kinds are told apart; the agent chooses their names, so there must be an end. */
const MAX_KINDS = 100;

/** What is wrong with what an agent sends: logged once for each kind, however often it happens. One per agent. */
export class Complaints {
  readonly #log: Logger;
  readonly #kinds = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param kind what was wrong, without anything of a conversation in it */
  add(kind: string): void {
    if (this.#kinds.has(kind) || this.#kinds.size >= MAX_KINDS) return;
    this.#kinds.add(kind);
    this.#log.warn({ kind }, 'the remote agent sent something that is ignored (logged once)');
  }
}
