import type { Lips } from '../animator.ts';

/** A contact is certain from one half on, which is where the model decides; below this it is not shown at all. */
const UNLIKELY = 0.2;
const CERTAIN = 0.5;

/**
 * How much of the two contacts of the lips is shown in a frame, 0..1: those that are likely, and of one that lasts three
 * frames or more (100 ms) the inside alone. Before and after it the lips are on their way as the model has them: pulled
 * shut there, too, they would stay shut longer than anybody's, and be less like the full-size model's by far.
 *
 * @param lipsAt what is known of the lips in a frame.
 */
export function contactsIn(frame: number, lipsAt: (frame: number) => Lips | undefined): Lips {
  return {
    closed: shownOf(frame, (other) => lipsAt(other)?.closed),
    bitten: shownOf(frame, (other) => lipsAt(other)?.bitten),
  };
}

function shownOf(frame: number, likelihood: (frame: number) => number | undefined): number {
  const share = Math.min(1, ((likelihood(frame) ?? 0) - UNLIKELY) / (CERTAIN - UNLIKELY));
  if (share <= 0) return 0;
  const isContact = (other: number) => (likelihood(other) ?? 0) >= CERTAIN;
  const isOpen = (other: number) => (likelihood(other) ?? CERTAIN) < CERTAIN; // what is not known yet may go on
  const begins = isOpen(frame - 1) && isContact(frame + 1) && isContact(frame + 2);
  const ends = isOpen(frame + 1) && isContact(frame - 1) && isContact(frame - 2);
  return begins || ends ? 0 : share;
}
