import { z } from 'zod';
import { NODE_FACTS_SCHEMA } from '../nodes/node-facts.ts';
import { READINESS } from '../session/sessions.ts';

/** What `/inf` and `/info` answer. */
export const INFO_SCHEMA = z
  .object({
    name: z.string(),
    version: z.string(),
    status: z.literal('running'),
    websocket: z.exactOptional(z.string()).describe('Address of the WebSocket (only with DEBUG)'),
    agent_type: z.exactOptional(z.string()).describe('The live agent (only with DEBUG)'),
    nodes: z
      .exactOptional(z.array(NODE_FACTS_SCHEMA))
      .describe('All nodes that share a Redis, this one first (only with DEBUG)'),
  })
  .describe('What this server is');

/** What `/health` answers. */
export const HEALTH_SCHEMA = z
  .object({
    status: z.literal('healthy'),
    agent: z.string().describe('The live agent'),
    agent_reachable: z
      .exactOptional(z.boolean())
      .describe('Whether the last connection to it that was tried could be opened; left out before any was'),
    agent_sees: z.boolean().describe('Whether it takes pictures'),
    face: z.string().describe('The live face'),
    resting: z.exactOptional(z.string()).describe('A better face that rests after repeated failures'),
  })
  .describe('The server can speak');

/** What `/ready` answers. */
export const READY_SCHEMA = z
  .object({
    status: z.enum(READINESS),
    degraded: z.exactOptional(z.literal(true)).describe('A better face rests after repeated failures'),
  })
  .describe('Newcomers are taken');

/** What the address of `/ws` may carry. */
export const WS_QUERY_SCHEMA = z.object({
  token: z.string().optional().describe('From POST /api/auth/token, where authentication is on'),
});

/** What `POST /api/auth/token` answers. */
export const TOKEN_SCHEMA = z
  .object({
    token: z.string().describe('For the address of /ws: ?token='),
    ttl: z.int().positive().describe('Seconds it is good for'),
    origin: z.string().describe('The page it is good for'),
  })
  .describe('A token');

/** How it is told that somebody asks too often. */
export const TOO_MANY_SCHEMA = z
  .object({ detail: z.string(), retryAfterMs: z.int().nonnegative() })
  .describe('Too many; Retry-After says the same in seconds');

/** How HTTP errors are told, as the reference server does. */
export const DETAIL_SCHEMA = z.object({ detail: z.string() }).describe('Why not');

/** An answer as routes carry it: it is written by this schema, and `/openapi.json` shows it. */
export function json(schema: z.ZodType, description = schema.description ?? ''): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { target: 'draft-7' });
  return { description, content: { 'application/json': { schema: plain } } };
}

/** The part of an address after the question mark, as routes carry it. */
export function query(schema: z.ZodType): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return plain;
}

/** An answer that is plain text. */
export function plainText(description: string): object {
  return { description, content: { 'text/plain': { schema: { type: 'string' } } } };
}
