import { z } from 'zod';

const orderSchema = z.object({
  /** Names the answer among all that a child gives. */
  id: z.number(),
  /** The child waits this long first, so that the answer does not begin in the turn of the loop that read the order. */
  pauseMs: z.number(),
  /** Length of the answer's sound. */
  durationMs: z.number(),
  /** Sound in one piece, and the time from one piece to the next. */
  pieceMs: z.number(),
  everyMs: z.number(),
  /** The agent's connection breaks after the last piece. */
  lost: z.boolean().optional(),
});

/** What a bench client asks for: one answer. Travels as the text of a `text` message. */
export type Order = z.infer<typeof orderSchema>;

/** How a fast provider delivers: five times as fast as it is played. */
export const FAST_DELIVERY = { pieceMs: 100, everyMs: 20 } as const;

/** The message a client sends. */
export function encodeOrder(order: Order): string {
  return JSON.stringify({ type: 'text', data: JSON.stringify(order) });
}

/** Reads the text of such a message. */
export function parseOrder(text: string): Order {
  return orderSchema.parse(JSON.parse(text));
}

/** When an answer's sound began and ended at its source, by {@link monotonicMs}. */
export interface Mark {
  readonly orderId: number;
  readonly firstSoundAtMs: number;
  readonly endedAtMs: number;
}
