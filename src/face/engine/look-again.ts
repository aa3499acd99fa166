/** How often (ms) a deadline that is not known yet, or far off, is asked for again. */
const SELDOM_MS = 50;
const OFTEN_MS = 5;

/**
 * When to look at a deadline again: deadlines move without a word (playback begins, is filled up, starts over), later
 * but also earlier. Halves the rest, so it is never missed by much.
 *
 * @param atMs the deadline as known now; may be infinite.
 * @returns monotonic milliseconds, after `nowMs`.
 */
export function lookAgainAt(atMs: number, nowMs: number): number {
  if (!Number.isFinite(atMs)) return nowMs + SELDOM_MS;
  const leftMs = atMs - nowMs;
  return leftMs <= 2 * OFTEN_MS ? Math.max(atMs, nowMs) : nowMs + Math.min(leftMs / 2, SELDOM_MS);
}
