import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { answerWith } from './page/answer.ts';
import { type PageFile, pageFile } from './page/page-file.ts';

/** The picture that Redoc's page would fetch from the network, and what stands in its place. */
const REMOTE_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NO_PICTURE = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E';

/** Stands at the top of Swagger UI's page, instead of the web framework's. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="40"><text x="0" y="27" fill="#fff" font-family="sans-serif" font-size="22">avatar-chat-server</text></svg>`;

const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>avatar-chat-server: the API</title>
    <link rel="icon" href="data:,">
    <style>body { margin: 0; }</style>
  </head>
  <body>
    <redoc spec-url="openapi.json" disable-search="true"></redoc>
    <script src="redoc/redoc.standalone.js"></script>
  </body>
</html>
`;

/**
 * Describes the routes that are added after it: `/openapi.json`, made of their schemas; `/docs`, Swagger UI; `/redoc`.
 * Everything comes from this server, nothing from the network.
 */
export async function addApiDocs(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'avatar-chat-server',
        version,
        description:
          'The HTTP side. The conversation itself is a WebSocket at /ws, whose messages docs/asyncapi.yaml describes.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'conversation', description: 'Talking to the avatar' },
        { name: 'operations', description: 'For those who run the server' },
      ],
    },
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list' },
    logo: { type: 'image/svg+xml', content: LOGO, href: '/' },
  });
  const hidden = { schema: { hide: true } };
  server.get('/openapi.json', hidden, () => server.swagger());
  server.get('/redoc', hidden, (_request, reply) => reply.type('text/html').send(REDOC_PAGE));
  const script = redocScript();
  server.get('/redoc/redoc.standalone.js', hidden, async (request, reply) => {
    const file = await script();
    return file === undefined ? reply.callNotFound() : answerWith(file, request, reply);
  });
}

/** Reads Redoc's script when it is first asked for; all answers share its bytes. Undefined where there is none. */
function redocScript(): () => Promise<PageFile | undefined> {
  let file: Promise<PageFile | undefined> | undefined;
  const read = async () => {
    const path = redocBundle();
    if (path === undefined) return undefined;
    const text = (await readFile(path, 'utf8')).replaceAll(REMOTE_LOGO, NO_PICTURE);
    return pageFile('redoc.standalone.js', Buffer.from(text), 'quick');
  };
  return () => {
    file ??= read().catch((error: unknown) => {
      file = undefined; // the next one who asks tries again
      throw error;
    });
    return file;
  };
}

/** Where Redoc's script is: in a built package beside the sources, in a checkout in node_modules; undefined where neither is. */
function redocBundle(): string | undefined {
  const built = fileURLToPath(new URL('../../vendor/redoc.standalone.js', import.meta.url));
  if (existsSync(built)) return built;
  try {
    return createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  } catch {
    return undefined;
  }
}
