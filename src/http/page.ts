import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { browserScript } from './browser-scripts.ts';
import { bundleVendor } from './vendor.ts';

/** The routes of the page are not part of the API. */
const HIDDEN = { schema: { hide: true } };

/**
 * Serves the demo page from a folder. Built, it holds JavaScript; from a checkout it holds TypeScript, and `main.js` is
 * answered with `main.ts` without its types, so that development needs no build. What is in `vendor` is bundled once,
 * when it is first asked for.
 */
export async function servePage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder, cacheControl: true, maxAge: 0 });
  if (!existsSync(join(folder, 'main.ts'))) return;
  const bundles = new Map<string, Promise<string>>();
  server.get<{ Params: { name: string } }>('/vendor/:name(^[a-z-]+).js', HIDDEN, async (request, reply) => {
    const path = join(folder, 'vendor', `${request.params.name}.ts`);
    if (!existsSync(path)) return reply.callNotFound();
    const bundle = bundles.get(path) ?? bundleVendor(path);
    bundles.set(path, bundle);
    return reply.type('text/javascript').send(await bundle);
  });
  for (const place of ['/', '/:folder(^[a-z]+)/', '/:folder(^[a-z]+)/:part(^[a-z]+)/']) {
    const route = `${place}:name(^[a-z-]+).js`;
    type Params = { folder?: string; part?: string; name: string };
    server.get<{ Params: Params }>(route, HIDDEN, async (request, reply) => {
      const { folder: inner = '', part = '', name } = request.params;
      const path = join(folder, inner, part, `${name}.ts`);
      if (!existsSync(path)) return reply.callNotFound();
      return reply.type('text/javascript').send(browserScript(await readFile(path, 'utf8')));
    });
  }
}
