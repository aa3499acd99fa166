/**
 * What the user did that an answer's time counts from: typed a `text`; closed the `microphone`; finished speaking, as the
 * agent noticed (`speech`).
 */
export type QuestionKind = 'text' | 'microphone' | 'speech';

/** Something that was asked. */
export interface Question {
  readonly kind: QuestionKind;
  /** When it was complete: monotonic milliseconds. */
  readonly atMs: number;
}

/** What begins so long after a question is no answer to it. */
const ANSWER_WITHIN_MS = 60_000;

/** The question that waits for an answer, if one does. One per session. */
export class OpenQuestion {
  #question: Question | undefined;

  /** The user has asked something. Of what is spoken the first sign of its end counts; a text takes its place. */
  asked(kind: QuestionKind, atMs: number): void {
    if (kind === 'text' || this.#question === undefined) this.#question = { kind, atMs };
  }

  /** The user takes it back, or begins to say something else. */
  withdraw(): void {
    this.#question = undefined;
  }

  /** An answer begins whose first sound came at this time: takes the question, if it was asked before that. */
  answer(firstSoundAtMs: number): Question | undefined {
    const question = this.#question;
    if (question === undefined || question.atMs > firstSoundAtMs) return undefined;
    this.#question = undefined;
    return firstSoundAtMs - question.atMs > ANSWER_WITHIN_MS ? undefined : question;
  }
}
