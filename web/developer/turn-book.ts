import { type Asked, type TurnFigures, TurnObservation } from './turn-figures.js';

/** So many answers are kept. */
const MOST_TURNS = 12;

/** The answers one after another, each with the question that it belongs to. All times are of one monotonic clock (ms). */
export class TurnBook {
  #turns: TurnObservation[] = [];
  #question: { readonly asked: Asked; readonly atMs: number } | undefined;
  /** The turn whose frames are coming. */
  #coming: string | undefined;
  #count = 0;

  /** A question has ended. The server's echo counts only where nothing better is known, and no answer is coming. */
  asked(asked: Asked, atMs: number): void {
    if (asked === 'echo' && (this.#question !== undefined || this.#coming !== undefined)) return;
    this.#question = { asked, atMs };
  }

  /** An answer begins to come. */
  began(turnId: string): void {
    if (this.#find(turnId) !== undefined) return;
    this.#count += 1;
    this.#turns = [...this.#turns, new TurnObservation(turnId, this.#count, this.#question)].slice(
      -MOST_TURNS,
    );
    this.#question = undefined;
    this.#coming = turnId;
  }

  /** See {@link TurnObservation.arrived}. */
  arrived(turnId: string, place: number | undefined, frameMs: number, leadMs: number, atMs: number): void {
    this.#find(turnId)?.arrived(place, frameMs, leadMs, atMs);
  }

  /** Its last frame has come. */
  complete(turnId: string): void {
    if (this.#coming === turnId) this.#coming = undefined;
  }

  heard(turnId: string, offsetMs: number, atMs: number): void {
    this.#find(turnId)?.heard(offsetMs, atMs);
  }

  underran(turnId: string): void {
    this.#find(turnId)?.underran();
  }

  ended(turnId: string, heardMs: number, cut: boolean): void {
    this.complete(turnId);
    this.#find(turnId)?.ended(heardMs, cut);
  }

  /** Oldest first. */
  get turns(): readonly TurnFigures[] {
    return this.#turns.map((turn) => turn.figures);
  }

  #find(turnId: string): TurnObservation | undefined {
    return this.#turns.findLast((turn) => turn.turnId === turnId);
  }
}
