import type { Blendshape } from '../../../src/protocol/blendshapes.ts';
import { LOWER_BEHIND, LOWER_EDGE, teethFront } from './interior.js';
import { AROUND, BORDER, CONTACT, oppositeColumn } from './lips.js';
import { JAW_ASIDE, JAW_BACK, JAW_DROP, JAW_FORWARD } from './shapes.js';
import type { Skin } from './skin.js';

/** Lips have this much room before the teeth. */
const BEFORE_TEETH = 0.014;

/** From the lips' line to their crest and border, each lip is at least this high, however it is rolled in. */
const LEAST_HEIGHT = [0.004, 0.008] as const;

/** So many rings of skin around the lips go along when lips push each other. */
const RINGS_ALONG = 6;

/** The first ring that moves when lips push each other: the one just behind the lips' line. */
const FIRST_RING = CONTACT - 1;

/**
 * What proportional shapes cannot know: lips that meet stop each other, neither goes through the teeth, and a lip that
 * is rolled in is still a lip.
 */
export class Contact {
  readonly #first: number;
  readonly #reach: readonly number[];

  constructor(skin: Skin) {
    this.#first = skin.part.first;
    this.#reach = skin.sites.map(({ reach }) => reach);
  }

  /** Corrects positions after the shapes have moved them. */
  settle(positions: Float32Array, { amount }: { amount(name: Blendshape): number }): void {
    for (let column = 1; column < AROUND / 2; column += 1) this.#part(positions, column);
    for (let column = 0; column < AROUND; column += 1) this.#keepHeight(positions, column);
    const jaw = {
      x: JAW_ASIDE * (amount('jawLeft') - amount('jawRight')),
      z: JAW_FORWARD * amount('jawForward') - JAW_BACK * amount('jawOpen') - LOWER_BEHIND,
      // A little above the lower teeth: what is between two vertices is in front of them, too.
      top: LOWER_EDGE - JAW_DROP * amount('jawOpen') + 0.05,
    };
    for (let ring = FIRST_RING; ring <= BORDER + RINGS_ALONG; ring += 1) {
      for (let column = 0; column < AROUND; column += 1) {
        const at = this.#at(ring, column);
        const x = positions[at] ?? 0;
        const over = (positions[at + 1] ?? 0) < jaw.top;
        const lower = over ? teethFront(x - jaw.x) + jaw.z : Number.NEGATIVE_INFINITY;
        const least = Math.max(teethFront(x), lower) + BEFORE_TEETH;
        positions[at + 2] = Math.max(positions[at + 2] ?? 0, least);
      }
    }
  }

  /** Where the lower lip has come above the upper, both give way by half. */
  #part(positions: Float32Array, column: number): void {
    const other = oppositeColumn(column);
    const gap =
      (positions[this.#at(CONTACT, column) + 1] ?? 0) - (positions[this.#at(CONTACT, other) + 1] ?? 0);
    if (gap >= 0) return;
    for (let ring = FIRST_RING; ring <= BORDER + RINGS_ALONG; ring += 1) {
      this.#lift(positions, ring, column, -gap / 2);
      this.#lift(positions, ring, other, gap / 2);
    }
  }

  #lift(positions: Float32Array, ring: number, column: number, by: number): void {
    const at = this.#at(ring, column) + 1;
    positions[at] = (positions[at] ?? 0) + by * (this.#reach[ring * AROUND + column] ?? 0);
  }

  #keepHeight(positions: Float32Array, column: number): void {
    const up = column < AROUND / 2 ? 1 : -1;
    const line = positions[this.#at(CONTACT, column) + 1] ?? 0;
    LEAST_HEIGHT.forEach((least, index) => {
      const at = this.#at(CONTACT + 1 + index, column) + 1;
      const height = up * ((positions[at] ?? 0) - line);
      if (height < least && column % (AROUND / 2) !== 0) positions[at] = line + up * least;
    });
  }

  #at(ring: number, column: number): number {
    return 3 * (this.#first + ring * AROUND + column);
  }
}
