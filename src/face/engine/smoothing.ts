/** Savitzky and Golay 1964, 5 points, order 2: keeps peaks and straight lines, takes out jitter above some 8 Hz. */
const CENTRE = 17 / 35;
const NEXT = 12 / 35;
const SECOND = -3 / 35;

/**
 * Smooths one frame among its neighbours, two on each side; a missing neighbour is mirrored. Stays within 0..1.
 *
 * @param at the weights of a frame, if there is one.
 * @param out where the smoothed weights of `frame` go.
 * @param share how much of the smoothing is wanted, 0..1.
 */
export function smoothFrame(
  at: (frame: number) => Float32Array | undefined,
  frame: number,
  out: Float32Array,
  share = 1,
): void {
  const centre = at(frame);
  if (centre === undefined) return;
  const before = at(frame - 1) ?? at(frame + 1) ?? centre;
  const after = at(frame + 1) ?? before;
  const secondBefore = at(frame - 2) ?? at(frame + 2) ?? before;
  const secondAfter = at(frame + 2) ?? at(frame - 2) ?? after;
  for (let column = 0; column < out.length; column += 1) {
    const smoothed =
      CENTRE * (centre[column] as number) +
      NEXT * ((before[column] as number) + (after[column] as number)) +
      SECOND * ((secondBefore[column] as number) + (secondAfter[column] as number));
    const own = centre[column] as number;
    out[column] = Math.max(0, Math.min(1, own + (smoothed - own) * share));
  }
}
