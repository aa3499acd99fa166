import type { FastifyInstance } from 'fastify';
import type { Door } from '../auth/door.ts';
import { DETAIL_SCHEMA, json, TOKEN_SCHEMA, TOO_MANY_SCHEMA } from './schemas.ts';
import { type Trust, visitorOf } from './visitors.ts';

/** What {@link addTokenRoute} needs. */
export interface TokenRouteParts {
  readonly door: Door;
  readonly trust: Trust | undefined;
  /** Seconds a token is good for. */
  readonly tokenTtlS: number;
}

/** Adds `POST /api/auth/token`, where a page gets the token it connects with; answers as the reference server does. */
export function addTokenRoute(server: FastifyInstance, { door, trust, tokenTtlS }: TokenRouteParts): void {
  // The widget asks with a JSON content type and no body, which is no JSON by itself. Nobody's body is looked at here.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));

  const schema = {
    tags: ['conversation'],
    summary: 'A token for /ws',
    description: 'Wants the header Origin, as browsers send it, and no body.',
    response: {
      200: json(TOKEN_SCHEMA),
      400: json(DETAIL_SCHEMA, 'No Origin came along'),
      403: json(
        DETAIL_SCHEMA,
        'The origin is not on the list, or authentication is off: connect without a token',
      ),
      429: json(TOO_MANY_SCHEMA),
    },
  };
  server.post('/api/auth/token', { schema }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const answer = await door.issueToken(visitorOf(request.raw, trust, request.id));
    switch (answer.outcome) {
      case 'issued':
        return { token: answer.token, ttl: tokenTtlS, origin: answer.origin };
      case 'missing_origin':
        return reply.code(400).send({ detail: 'Missing Origin header' });
      case 'origin_not_allowed':
        return reply.code(403).send({ detail: 'Origin not allowed' });
      case 'auth_off': // the widget then connects without a token
        return reply.code(403).send({ detail: 'Authentication not enabled' });
      case 'too_many':
        return reply
          .code(429)
          .header('retry-after', Math.ceil(answer.retryAfterMs / 1000))
          .send({ detail: 'Too many token requests', retryAfterMs: answer.retryAfterMs });
    }
  });
}
