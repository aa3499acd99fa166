import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';
import type { NodeFacts } from '../nodes/node-facts.ts';

/** What the HTTP endpoints tell about the server. */
export interface ServerFacts {
  readonly version: string;
  /** The live agent's name. */
  readonly agent: string;
  /** The live face's name, and that of a better one that rests after repeated failures. */
  readonly face: () => { readonly live: string; readonly resting?: string };
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /** All nodes that share a Redis; undefined for a node that is alone. */
  readonly nodes: (() => readonly NodeFacts[]) | undefined;
  /** Adds the address of the WebSocket, the agent and the nodes to `/info`. */
  readonly debug: boolean;
}

/** Adds `/inf`, `/info`, `/health` and `/metrics`. */
export function addRoutes(server: FastifyInstance, facts: ServerFacts): void {
  const info = (host: string) => ({
    name: 'Avatar Chat Server',
    version: facts.version,
    status: 'running',
    ...(facts.debug ? { websocket: `ws://${host}/ws`, agent_type: facts.agent, nodes: facts.nodes?.() } : {}),
  });
  server.get('/inf', (request) => info(request.host));
  server.get('/info', (request) => info(request.host));

  // It can speak from the moment it listens: the last-resort face and the offline agent cannot be missing.
  server.get('/health', () => {
    const { live, resting } = facts.face();
    return {
      status: 'healthy',
      agent: facts.agent,
      face: live,
      ...(resting === undefined ? {} : { resting }),
    };
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(facts.metrics.contentType).send(await facts.metrics.text()),
  );
}
