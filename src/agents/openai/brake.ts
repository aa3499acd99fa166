import type { OpenAgent } from '../agent.ts';

/** What can be kept from reading. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Back-pressure: reads no more while as much sound is held for the client as may be. That holds up everything the
 * server says, speech included, so it must stay the exception: five minutes of sound, more than any answer the API makes.
 */
export class Brake {
  readonly #options: Pick<OpenAgent, 'sink' | 'signal'>;
  readonly #pausable: Pausable;
  #waiting = false;

  constructor(options: Pick<OpenAgent, 'sink' | 'signal'>, pausable: Pausable) {
    this.#options = options;
    this.#pausable = pausable;
  }

  /** Sound has been handed on. */
  sound(): void {
    const { sink, signal } = this.#options;
    if (this.#waiting) return;
    this.#waiting = true;
    let paused = false;
    const full = setImmediate(() => {
      paused = true;
      this.#pausable.pause();
    });
    sink.ready(signal).then(
      () => {
        clearImmediate(full);
        this.#waiting = false;
        if (paused) this.#pausable.resume();
      },
      () => clearImmediate(full), // the conversation is over
    );
  }
}
