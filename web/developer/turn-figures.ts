/** Where a question ended, from which the time to its answer counts. */
export type Asked =
  /** A text was sent. */
  | 'text'
  /** The microphone was closed: `audio_stream_end`. */
  | 'speech_end'
  /** The server has noticed the end of what was spoken into the open microphone: its echo of the user's words. */
  | 'echo';

/** What is known of one answer. Times are milliseconds; undefined: not known (yet). */
export interface TurnFigures {
  readonly turnId: string;
  /** Its number in this view, from 1. */
  readonly number: number;
  readonly asked: Asked | undefined;
  /** From the question's end to the arrival of the first frame, and to the first sound heard. */
  readonly firstFrameMs: number | undefined;
  readonly firstSoundMs: number | undefined;
  /** Frames that came, each counted once. */
  readonly frames: number;
  readonly lost: number;
  readonly duplicates: number;
  /** Frames that came when all sound before them had been played. */
  readonly late: number;
  readonly underruns: number;
  /** How much later than the punctual ones frames come; 95 of 100 are less late. */
  readonly jitterMs: number | undefined;
  /** The least and the mean of the sound that lay ready when a frame came, once sound had begun. */
  readonly leastLeadMs: number | undefined;
  readonly meanLeadMs: number | undefined;
  readonly heardMs: number;
  readonly state: 'coming' | 'heard' | 'cut';
}

/** The 95th of 100. */
const JITTER_QUANTILE = 0.95;

/** More frames than this of a turn say nothing new about jitter. */
const MOST_FRAMES = 4000;

/** One answer, as it is observed: its figures are computed when they are asked for. */
export class TurnObservation {
  readonly turnId: string;
  readonly #number: number;
  readonly #question: { readonly asked: Asked; readonly atMs: number } | undefined;
  readonly #places = new Set<number>();
  readonly #latenessMs: number[] = [];
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #quickestMs = Number.POSITIVE_INFINITY;
  #firstFrameAtMs: number | undefined;
  #firstSoundAtMs: number | undefined;
  #duplicates = 0;
  #late = 0;
  #underruns = 0;
  #lead = { least: Number.POSITIVE_INFINITY, sum: 0, count: 0 };
  #heardMs = 0;
  #state: TurnFigures['state'] = 'coming';

  constructor(
    turnId: string,
    number: number,
    question: { readonly asked: Asked; readonly atMs: number } | undefined,
  ) {
    this.turnId = turnId;
    this.#number = number;
    this.#question = question;
  }

  /**
   * A frame came.
   *
   * @param place its index in the turn; undefined where the server does not say.
   * @param leadMs how much sound lay ready just before.
   */
  arrived(place: number | undefined, frameMs: number, leadMs: number, atMs: number): void {
    this.#firstFrameAtMs ??= atMs;
    const index = place ?? (this.#places.size === 0 ? 0 : this.#last + 1);
    if (this.#places.has(index)) {
      this.#duplicates += 1;
      return;
    }
    this.#places.add(index);
    this.#first = Math.min(this.#first, index);
    this.#last = Math.max(this.#last, index);
    // A server sends the first frames ahead of time: only what is slower than the quickest so far is late.
    const tookMs = atMs - (index - this.#first) * frameMs;
    this.#quickestMs = Math.min(this.#quickestMs, tookMs);
    if (this.#latenessMs.length < MOST_FRAMES) this.#latenessMs.push(tookMs - this.#quickestMs);
    if (this.#firstSoundAtMs === undefined) return;
    if (leadMs <= 0) this.#late += 1;
    const { least, sum, count } = this.#lead;
    this.#lead = { least: Math.min(least, leadMs), sum: sum + leadMs, count: count + 1 };
  }

  /** A frame begins to be heard. */
  heard(offsetMs: number, atMs: number): void {
    this.#firstSoundAtMs ??= atMs;
    this.#heardMs = Math.max(this.#heardMs, offsetMs);
  }

  /** The turn ran dry and has gone on. */
  underran(): void {
    this.#underruns += 1;
  }

  ended(heardMs: number, cut: boolean): void {
    this.#heardMs = heardMs;
    this.#state = cut ? 'cut' : 'heard';
  }

  /** What is known now. */
  get figures(): TurnFigures {
    const since = (atMs: number | undefined) =>
      atMs === undefined || this.#question === undefined ? undefined : atMs - this.#question.atMs;
    const { least, sum, count } = this.#lead;
    const frames = this.#places.size;
    const late = this.#latenessMs.toSorted((a, b) => a - b);
    return {
      turnId: this.turnId,
      number: this.#number,
      asked: this.#question?.asked,
      firstFrameMs: since(this.#firstFrameAtMs),
      firstSoundMs: since(this.#firstSoundAtMs),
      frames,
      lost: frames === 0 ? 0 : this.#last - this.#first + 1 - frames,
      duplicates: this.#duplicates,
      late: this.#late,
      underruns: this.#underruns,
      jitterMs: late[Math.min(late.length - 1, Math.floor(JITTER_QUANTILE * late.length))],
      leastLeadMs: count === 0 ? undefined : least,
      meanLeadMs: count === 0 ? undefined : sum / count,
      heardMs: this.#heardMs,
      state: this.#state,
    };
  }
}
