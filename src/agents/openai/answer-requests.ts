/** What {@link AnswerRequests} needs. */
export interface AnswerRequestsOptions {
  /** Sends `response.create` under this event id. */
  readonly send: (eventId: string) => void;
  /** Whether the server is making an answer, as far as is known. */
  readonly busy: () => boolean;
}

/**
 * Asks for answers, one at a time: the API refuses `response.create` until the answer before has said `response.done`,
 * also when it was cancelled. What is wanted meanwhile is asked for once, then.
 */
export class AnswerRequests {
  readonly #options: AnswerRequestsOptions;
  #wanted = false;
  #requested: string | undefined;
  #regretted = false;
  #count = 0;

  constructor(options: AnswerRequestsOptions) {
    this.#options = options;
  }

  /** Whether one was asked for that has not begun. */
  get pending(): boolean {
    return this.#requested !== undefined;
  }

  /** The conversation has something new to be answered. */
  want(): void {
    this.#wanted = true;
    this.next();
  }

  /** The answer that was asked for and has not begun is not wanted: a bare cancel would miss it. */
  regret(): void {
    this.#regretted = this.#requested !== undefined;
  }

  /** An answer has begun; returns whether it is one that is not wanted any more. */
  begun(): boolean {
    const unwanted = this.#regretted;
    this.#requested = undefined;
    this.#regretted = false;
    return unwanted;
  }

  /** The server is making an answer of its own accord: ours is asked for again when that one is over. */
  refusedAsBusy(): void {
    this.#wanted = !this.#regretted || this.#wanted;
    this.#requested = undefined;
    this.#regretted = false;
  }

  /** An event was refused; returns whether it was our request, which is then given up. */
  refused(eventId: string | undefined): boolean {
    if (eventId === undefined || eventId !== this.#requested) return false;
    this.#requested = undefined;
    this.#regretted = false;
    return true;
  }

  /** Asks now, if something is wanted and the server is free. */
  next(): void {
    if (!this.#wanted || this.pending || this.#options.busy()) return;
    this.#count += 1;
    this.#wanted = false;
    this.#requested = `answer_${this.#count}`;
    this.#options.send(this.#requested);
  }
}
