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

/**
 * none: nothing waits for an answer. expected: one will come, though nothing is asked now: the user speaks, or a tool's result
 * was told. asked: something was asked.
 */
type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'expected'; readonly atMs: number }
  | { readonly kind: 'asked'; readonly question: Question };

/** The question that waits for an answer, if one does. One per session. */
export class OpenQuestion {
  #state: State = { kind: 'none' };

  /** Whether an answer is to be expected, and has been for no more than a minute. */
  isOpen(nowMs: number): boolean {
    const state = this.#state;
    if (state.kind === 'none') return false;
    return nowMs - (state.kind === 'asked' ? state.question : state).atMs <= ANSWER_WITHIN_MS;
  }

  /** The user begins to say something: it takes the place of what was asked before. */
  begun(atMs: number): void {
    this.#state = { kind: 'expected', atMs };
  }

  /** The agent was told what it needs to go on. */
  owed(atMs: number): void {
    if (this.#state.kind === 'none') this.#state = { kind: 'expected', atMs };
  }

  /** The user has asked something. Of what is spoken the first sign of its end counts; a text takes its place. */
  asked(kind: QuestionKind, atMs: number): void {
    if (kind === 'text' || this.#state.kind !== 'asked')
      this.#state = { kind: 'asked', question: { kind, atMs } };
  }

  /** The user takes it back, or it is lost. */
  withdraw(): void {
    this.#state = { kind: 'none' };
  }

  /** The agent begins an answer: what was expected is there. What was asked stays open until something is heard of it. */
  taken(): void {
    if (this.#state.kind === 'expected') this.#state = { kind: 'none' };
  }

  /** An answer begins whose first sound came at this time: takes the question, if it was asked before that. */
  answer(firstSoundAtMs: number): Question | undefined {
    if (this.#state.kind !== 'asked' || this.#state.question.atMs > firstSoundAtMs) return undefined;
    const { question } = this.#state;
    this.#state = { kind: 'none' };
    return firstSoundAtMs - question.atMs > ANSWER_WITHIN_MS ? undefined : question;
  }
}
