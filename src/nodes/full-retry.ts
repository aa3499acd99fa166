import type { NodeRegistry } from './node-registry.ts';

/** When somebody whom a full node refused should come again, before the random part. */
const RETRY_MS = { alone: 5000, roomElsewhere: 500, allFull: 15_000 } as const;

/**
 * When to ask again, milliseconds: soon if other nodes have room, because the balancer sends the client there; late if the
 * whole cluster is full. Up to half as much again at random, so that those refused together do not come back together.
 */
export function fullRetryMs(nodes: NodeRegistry | undefined, random: () => number): number {
  return Math.round(baseMs(nodes) * (1 + random() / 2));
}

function baseMs(nodes: NodeRegistry | undefined): number {
  if (nodes === undefined || nodes.others.length === 0) return RETRY_MS.alone;
  return nodes.roomElsewhere > 0 ? RETRY_MS.roomElsewhere : RETRY_MS.allFull;
}
