/** A piece of sound that has its time. All numbers are whole samples at the output's rate. */
export interface Placed<Content> {
  readonly turnId: string;
  readonly content: Content;
  readonly length: number;
  /** Where it begins in its turn's own sound; silence of an underrun does not count. */
  readonly offset: number;
  /** When it begins on the output's clock. */
  readonly startAt: number;
  /** Sound begins, or begins again, with it; undefined: it follows the one before without a seam. */
  readonly from: 'silence' | 'underrun' | undefined;
}

/** How a {@link Schedule} reckons; samples. */
export interface Margins {
  /** From silence, sound begins this long after the decision to: the audio thread must have it in time. */
  readonly startDelay: number;
  /** What is to follow without a seam must be there this long before. */
  readonly guard: number;
}

/** Where in a turn something is. */
export interface Position<Content> {
  readonly piece: Placed<Content>;
  /** The piece after it, if it has come. */
  readonly next: Placed<Content> | undefined;
  /** Samples into the piece. */
  readonly into: number;
}

type Waiting<Content> = Omit<Placed<Content>, 'startAt' | 'from'>;

interface Turn {
  readonly id: string;
  /** Samples that have come. */
  length: number;
  /** Some of it has been given its time. */
  placed: boolean;
  complete: boolean;
}

/**
 * Gives pieces of sound their time on an output's clock: in order, each once, one right after the other as long as they
 * come in time. It does not play and knows no clock: every call says what time it is (in samples).
 */
export class Schedule<Content> {
  readonly #margins: Margins;
  #waiting: Waiting<Content>[] = [];
  #placed: Placed<Content>[] = [];
  #turn: Turn | undefined;
  /** When all that is placed has sounded. */
  #freeAt = 0;
  /** What `started` has already given. */
  #startedUntil = 0;
  /** How far the turn being heard was heard, so that it never goes back. */
  #heard: { readonly turnId: string; readonly offset: number } | undefined;
  #underruns = 0;

  constructor(margins: Margins) {
    this.#margins = margins;
  }

  /** How often a turn ran dry and went on. */
  get underruns(): number {
    return this.#underruns;
  }

  /** When all that is placed will have sounded. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** Whether all there is of this turn has sounded by `at`. */
  endsBy(turnId: string, at: number): boolean {
    const isOfTurn = (piece: { readonly turnId: string }) => piece.turnId === turnId;
    const last = this.#placed.findLast(isOfTurn);
    return !this.#waiting.some(isOfTurn) && (last === undefined || last.startAt + last.length <= at);
  }

  /** Samples that have come and have not been placed, or lie after `now`. */
  ahead(now: number): number {
    const waiting = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    return waiting + Math.max(0, this.#freeAt - now);
  }

  /** A turn begins. What there is of the one before is played first. */
  begin(turnId: string, now: number): Placed<Content>[] {
    const placed = this.complete(now);
    this.#turn = { id: turnId, length: 0, placed: false, complete: false };
    return placed;
  }

  /**
   * The turn's next sound.
   *
   * @param depth how many pieces must wait before sound starts from silence.
   * @returns the pieces that now have their time, in order.
   */
  add(content: Content, length: number, depth: number, now: number): Placed<Content>[] {
    const turn = this.#turn;
    if (turn === undefined || turn.complete || length === 0) return [];
    this.#waiting.push({ turnId: turn.id, content, length, offset: turn.length });
    turn.length += length;
    return this.#place(depth, now);
  }

  /** Nothing more comes in this turn: what waits is played. */
  complete(now: number): Placed<Content>[] {
    if (this.#turn === undefined || this.#turn.complete) return [];
    this.#turn.complete = true;
    return this.#place(0, now);
  }

  /**
   * Takes a turn's sound away from `at` on.
   *
   * @returns how many samples of the turn will have sounded by then.
   */
  cut(turnId: string, at: number): number {
    const isOther = (piece: { readonly turnId: string }) => piece.turnId !== turnId;
    const heard = this.sounded(turnId, at);
    this.#waiting = this.#waiting.filter(isOther);
    this.#placed = this.#placed.filter(isOther);
    if (this.#placed.length === 0) this.#freeAt = 0;
    if (this.#turn?.id === turnId) this.#turn.complete = true;
    return heard;
  }

  /** The pieces that have begun by `at` and were not given before; each is given once, in order. */
  started(at: number): Placed<Content>[] {
    const begun = this.#placed.filter(({ startAt }) => startAt >= this.#startedUntil && startAt <= at);
    const last = begun.at(-1);
    if (last !== undefined) this.#startedUntil = last.startAt + 1;
    return begun;
  }

  /** When the next piece begins that `started` has not given. */
  get nextStart(): number | undefined {
    return this.#placed.find(({ startAt }) => startAt >= this.#startedUntil)?.startAt;
  }

  /** What sounds at `at`; undefined in silence. */
  at(at: number): Position<Content> | undefined {
    const index = this.#placed.findIndex(({ startAt, length }) => at < startAt + length);
    const piece = this.#placed[index];
    if (piece === undefined || at < piece.startAt) return undefined;
    return { piece, next: this.#placed[index + 1], into: at - piece.startAt };
  }

  /** How many samples of this turn have sounded by `at`. It never goes back. */
  sounded(turnId: string, at: number): number {
    const before = this.#heard?.turnId === turnId ? this.#heard.offset : 0;
    const begun = this.#placed.findLast((piece) => piece.turnId === turnId && piece.startAt <= at);
    const offset =
      begun === undefined ? 0 : begun.offset + Math.min(begun.length, Math.floor(at - begun.startAt));
    this.#heard = { turnId, offset: Math.max(before, offset) };
    return this.#heard.offset;
  }

  /** Forgets what had sounded by `at`. */
  forget(at: number): void {
    const first = this.#placed.findIndex(({ startAt, length }) => at < startAt + length);
    const gone = this.#placed.splice(0, first === -1 ? this.#placed.length : first).at(-1);
    if (gone !== undefined) this.#heard = { turnId: gone.turnId, offset: gone.offset + gone.length };
  }

  #place(depth: number, now: number): Placed<Content>[] {
    const first = this.#waiting[0];
    if (first === undefined) return [];
    let from: Placed<Content>['from'];
    if (this.#freeAt < now + this.#margins.guard) {
      const isWhole = this.#turn?.complete === true || first.turnId !== this.#turn?.id;
      if (this.#waiting.length < depth && !isWhole) return [];
      const ranDry = first.offset > 0;
      if (ranDry) this.#underruns += 1;
      from = ranDry ? 'underrun' : 'silence';
      this.#freeAt = Math.ceil(now + this.#margins.startDelay);
    }
    const placed = this.#waiting.map((piece) => {
      const startAt = this.#freeAt;
      this.#freeAt += piece.length;
      const begins = from;
      from = undefined;
      return { ...piece, startAt, from: begins };
    });
    this.#waiting = [];
    this.#placed.push(...placed);
    return placed;
  }
}
