import type { FrameFace, FrameTiming } from './frame-kinds.ts';
import type { OpenQuestion, Question } from './question.ts';

/**
 * How an answer came to its end: played out; cut off by the user; the agent failed or broke off in it; the conversation
 * ended while it played.
 */
export const TURN_ENDS = ['completed', 'interrupted', 'failed', 'abandoned'] as const;
/** One of {@link TURN_ENDS}. */
export type TurnEnd = (typeof TURN_ENDS)[number];

/** What is told of an answer when its first frame has gone out. Times are monotonic milliseconds. */
export interface TurnBeginning {
  /** Its name on the wire. */
  readonly turnId: string;
  /** What it answers; undefined where the agent spoke unasked, or does not say when the user finished. */
  readonly question: Question | undefined;
  /** The agent's first sound came. */
  readonly firstSoundAtMs: number;
  readonly firstFrameAtMs: number;
}

/** What is told of it when it is over. */
export interface TurnReport extends TurnBeginning {
  readonly end: TurnEnd;
  readonly lastFrameAtMs: number;
  /** The client had played it out, or it was cut off. */
  readonly endedAtMs: number;
  /** Frames that went out, and of them: later than they should, and with no more left at the client. */
  readonly frames: number;
  readonly lateFrames: number;
  readonly dryFrames: number;
  /** Frames of silence put in, and frames whose face had not come in time. */
  readonly fillers: number;
  readonly missingFaces: number;
}

/** Notes the times of one answer as they come. Owned by the turn. */
export class TurnRecord {
  readonly #turnId: string;
  #firstSoundAtMs: number | undefined;
  #beginning: TurnBeginning | undefined;
  #lastFrameAtMs = 0;
  #frames = 0;
  #lateFrames = 0;
  #dryFrames = 0;
  #fillers = 0;
  #missingFaces = 0;
  #failed = false;
  #over = false;

  constructor(turnId: string) {
    this.#turnId = turnId;
  }

  /** Sound came from the agent. */
  sound(nowMs: number): void {
    this.#firstSoundAtMs ??= nowMs;
  }

  /** The first frame went out: it answers the question that is open. To be told once. */
  begin(nowMs: number, question: OpenQuestion): TurnBeginning {
    const firstSoundAtMs = this.#firstSoundAtMs ?? nowMs;
    this.#beginning = {
      turnId: this.#turnId,
      question: question.answer(firstSoundAtMs),
      firstSoundAtMs,
      firstFrameAtMs: nowMs,
    };
    return this.#beginning;
  }

  /** A frame went out, the first one included. */
  frame(nowMs: number, timing: FrameTiming, face: FrameFace): void {
    this.#lastFrameAtMs = nowMs;
    this.#frames += 1;
    if (timing === 'late') this.#lateFrames += 1;
    else if (timing === 'dry') this.#dryFrames += 1;
    if (face === 'filler') this.#fillers += 1;
    else if (face === 'missing') this.#missingFaces += 1;
  }

  /** The agent failed in it. */
  failed(): void {
    this.#failed = true;
  }

  /** It is over; the report, once, and only if a frame went out. */
  over(end: TurnEnd, nowMs: number): TurnReport | undefined {
    if (this.#over || this.#beginning === undefined) return undefined;
    this.#over = true;
    return {
      ...this.#beginning,
      end: end === 'completed' && this.#failed ? 'failed' : end,
      lastFrameAtMs: this.#lastFrameAtMs,
      endedAtMs: nowMs,
      frames: this.#frames,
      lateFrames: this.#lateFrames,
      dryFrames: this.#dryFrames,
      fillers: this.#fillers,
      missingFaces: this.#missingFaces,
    };
  }
}
