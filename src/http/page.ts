import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the demo page from a folder. Built, it holds JavaScript; from a checkout it holds TypeScript, and `main.js` is
 * answered with `main.ts` without its types, so that development needs no build.
 */
export async function servePage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder, cacheControl: true, maxAge: 0 });
  if (!existsSync(join(folder, 'main.ts'))) return;
  const hidden = { schema: { hide: true } };
  server.get<{ Params: { name: string } }>('/:name(^[a-z-]+).js', hidden, async (request, reply) => {
    const path = join(folder, `${request.params.name}.ts`);
    if (!existsSync(path)) return reply.callNotFound();
    return reply.type('text/javascript').send(stripTypeScriptTypes(await readFile(path, 'utf8')));
  });
}
