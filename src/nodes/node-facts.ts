import { z } from 'zod';

/** What a node tells the others of itself: no address, because nobody connects to it by what stands here. */
export const NODE_FACTS_SCHEMA = z.object({
  id: z.string().min(1).max(100),
  /** Sessions it takes at most. */
  capacity: z.int().min(0),
  sessions: z.int().min(0),
  speaking: z.int().min(0),
  /** It takes nobody any more. */
  draining: z.boolean(),
});

/** See {@link encodeFacts}. */
export type NodeFacts = Readonly<z.output<typeof NODE_FACTS_SCHEMA>>;

/** A node's facts as they stand in Redis. */
export function encodeFacts(facts: NodeFacts): string {
  return JSON.stringify(facts);
}

/** The facts in a text from Redis; undefined if there are none: others can write there, too. */
export function parseFacts(text: unknown): NodeFacts | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return NODE_FACTS_SCHEMA.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** How many sessions a node could take now. */
export function roomOf({ capacity, sessions, draining }: NodeFacts): number {
  return draining ? 0 : Math.max(0, capacity - sessions);
}
