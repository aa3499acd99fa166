import { Answer } from './answer.ts';

/** Answers remembered: one may be played, and cut off, long after it was received. */
const REMEMBERED = 64;

/** The answers of one connection, by the provider's response id. */
export class Answers {
  readonly #answers = new Map<string, Answer>();

  /** The answer of that name, if it is remembered. */
  get(id: string): Answer | undefined {
    return this.#answers.get(id);
  }

  /** The answer of that name; made if it is new. */
  open(id: string): Answer {
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = new Answer(id);
    this.#answers.set(id, answer);
    if (this.#answers.size > REMEMBERED) {
      const oldest = [...this.#answers.values()].find(({ done }) => done) ?? answer;
      this.#answers.delete(oldest.id);
    }
    return answer;
  }

  /** Those that the server has begun and not finished. */
  get running(): Answer[] {
    return [...this.#answers.values()].filter(({ begun, done }) => begun && !done);
  }

  /** The answer that waits for this tool call. */
  caller(callId: string): Answer | undefined {
    return [...this.#answers.values()].find(({ pendingCalls }) => pendingCalls.has(callId));
  }
}
