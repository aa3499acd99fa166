import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import type { NodeFacts } from '../nodes/node-facts.ts';
import type { Readiness } from '../session/sessions.ts';
import { WS_PATH } from './handshake.ts';
import {
  DETAIL_SCHEMA,
  HEALTH_SCHEMA,
  INFO_SCHEMA,
  json,
  plainText,
  query,
  READY_SCHEMA,
  WS_QUERY_SCHEMA,
} from './schemas.ts';

/** What the HTTP endpoints tell about the server. */
export interface ServerFacts {
  readonly version: string;
  /** The live agent's name. */
  readonly agent: string;
  /** Whether it takes pictures: pages offer a camera only to one that does. */
  readonly agentSees: boolean;
  /** The live face's name, and that of a better one that rests after repeated failures. */
  readonly face: () => { readonly live: string; readonly resting?: string };
  /** Whether the last connection to the agent that was tried could be opened; undefined before any was. */
  readonly agentReachable: () => boolean | undefined;
  /** Whether newcomers are taken. */
  readonly readiness: () => Readiness;
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /** All nodes that share a Redis; undefined for a node that is alone. */
  readonly nodes: (() => readonly NodeFacts[]) | undefined;
  /** Adds the address of the WebSocket, the agent and the nodes to `/info`. */
  readonly debug: boolean;
}

/** Adds `/inf`, `/info`, `/health`, `/ready` and `/metrics`, and says what `/ws` is to those who do not upgrade. */
export function addRoutes(server: FastifyInstance, facts: ServerFacts): void {
  const info = ({ host, protocol }: FastifyRequest) => ({
    name: 'Avatar Chat Server',
    version: facts.version,
    status: 'running',
    ...(facts.debug
      ? { websocket: `${protocol === 'https' ? 'wss' : 'ws'}://${host}/ws`, agent_type: facts.agent }
      : {}),
    ...(facts.debug && facts.nodes !== undefined ? { nodes: facts.nodes() } : {}),
  });
  const infoSchema = {
    tags: ['operations'],
    summary: 'What this server is',
    response: { 200: json(INFO_SCHEMA) },
  };
  server.get('/inf', { schema: infoSchema }, (request) => info(request));
  server.get('/info', { schema: infoSchema }, (request) => info(request));

  // It can speak from the moment it listens: the last-resort face and the offline agent cannot be missing.
  const healthSchema = {
    tags: ['operations'],
    summary: 'Whether it can speak, and with which agent and face',
    response: { 200: json(HEALTH_SCHEMA) },
  };
  server.get('/health', { schema: healthSchema }, () => {
    const { live, resting } = facts.face();
    const reachable = facts.agentReachable();
    return {
      status: 'healthy',
      agent: facts.agent,
      ...(reachable === undefined ? {} : { agent_reachable: reachable }),
      agent_sees: facts.agentSees,
      face: live,
      ...(resting === undefined ? {} : { resting }),
    };
  });

  // For a balancer. A face that rests is plainer, and no reason to stay away.
  const readySchema = {
    tags: ['operations'],
    summary: 'Whether newcomers should be sent here',
    response: { 200: json(READY_SCHEMA), 503: json(READY_SCHEMA, 'Not now') },
  };
  server.get('/ready', { schema: readySchema }, (_request, reply) => {
    const status = facts.readiness();
    const degraded = facts.face().resting !== undefined;
    return reply.code(status === 'ready' ? 200 : 503).send({ status, ...(degraded ? { degraded } : {}) });
  });

  const metricsSchema = {
    tags: ['operations'],
    summary: 'Metrics for Prometheus',
    response: { 200: plainText('Prometheus text format') },
  };
  server.get('/metrics', { schema: metricsSchema }, async (_request, reply) =>
    reply.type(facts.metrics.contentType).send(await facts.metrics.text()),
  );

  const wsSchema = {
    tags: ['conversation'],
    summary: 'The conversation: connect with WebSocket',
    description:
      'The messages are described in docs/asyncapi.yaml and docs/protocol.md. Anything but an upgrade is answered with 426.',
    querystring: query(WS_QUERY_SCHEMA),
    response: {
      101: { description: 'The socket is open' },
      426: json(DETAIL_SCHEMA, 'No upgrade was asked for'),
    },
  };
  server.get(WS_PATH, { schema: wsSchema }, (_request, reply) =>
    reply.code(426).header('upgrade', 'websocket').send({ detail: 'Connect with WebSocket' }),
  );
  // The framework's own answer quotes the address, which may hold a token.
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Not Found' }));
}
