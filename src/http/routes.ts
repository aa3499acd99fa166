import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../metrics.ts';
import type { Readiness } from '../session/sessions.ts';

/** What the HTTP endpoints tell about the server. */
export interface ServerFacts {
  readonly version: string;
  /** The live agent's name. */
  readonly agent: string;
  /** The live face's name, and that of a better one that rests after repeated failures. */
  readonly face: () => { readonly live: string; readonly resting?: string };
  /** Whether newcomers are taken. */
  readonly readiness: () => Readiness;
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /** Adds the address of the WebSocket and the agent to `/info`. */
  readonly debug: boolean;
}

/** Adds `/inf`, `/info`, `/health`, `/ready`, `/metrics` and the token endpoint. */
export function addRoutes(server: FastifyInstance, facts: ServerFacts): void {
  const info = ({ host, protocol }: FastifyRequest) => ({
    name: 'Avatar Chat Server',
    version: facts.version,
    status: 'running',
    ...(facts.debug
      ? { websocket: `${protocol === 'https' ? 'wss' : 'ws'}://${host}/ws`, agent_type: facts.agent }
      : {}),
  });
  server.get('/inf', (request) => info(request));
  server.get('/info', (request) => info(request));

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
  // For a balancer: whether newcomers should be sent here. A face that rests is plainer, and no reason to stay away.
  server.get('/ready', (_request, reply) => {
    const status = facts.readiness();
    const degraded = facts.face().resting !== undefined;
    return reply.code(status === 'ready' ? 200 : 503).send({ status, ...(degraded ? { degraded } : {}) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(facts.metrics.contentType).send(await facts.metrics.text()),
  );

  // The widget asks for its token with a JSON content type and no body, which is no JSON by itself.
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });

  // As the reference answers while authentication is off; the widget then connects without a token.
  server.post('/api/auth/token', (_request, reply) =>
    reply.code(403).send({ detail: 'Authentication not enabled' }),
  );
}
