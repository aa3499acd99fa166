import type { FrameLevels } from './frame-levels.ts';

/** Speech lies between these (dBFS): as much of the way up as a sound is, as much is a mouth open. */
const CLOSED_DBFS = -60;
const OPEN_DBFS = -20;

/** A guess is made larger by this factor at most. */
const MOST_GROWTH = 2;

/** What the guess went by: the level of this many frames before it. */
const REFERENCE_FRAMES = 2;

/**
 * Corrects a face that was guessed before its sound was there, by how loud the sound turned out to be: the shape stays, and
 * opens or closes as speech goes on or stops.
 *
 * @param weights the face; changed in place. Nothing happens where the sound is still not there.
 * @param heardTo the frame before which the model had heard the sound.
 */
export function followLoudness(
  weights: Float32Array,
  rest: Float32Array,
  levels: FrameLevels,
  frame: number,
  heardTo: number,
): void {
  if (frame < heardTo || frame >= levels.count) return;
  let before = 0;
  for (let back = 1; back <= REFERENCE_FRAMES; back += 1) before += openness(levels, heardTo - back);
  const now = openness(levels, frame) * REFERENCE_FRAMES;
  const growth = now <= MOST_GROWTH * before ? now / Math.max(before, Number.EPSILON) : MOST_GROWTH;
  for (let column = 0; column < weights.length; column += 1) {
    const from = rest[column] as number;
    weights[column] = Math.max(0, Math.min(1, from + ((weights[column] as number) - from) * growth));
  }
}

function openness(levels: FrameLevels, frame: number): number {
  return Math.max(0, Math.min(1, (levels.at(frame).wholeDbfs - CLOSED_DBFS) / (OPEN_DBFS - CLOSED_DBFS)));
}
