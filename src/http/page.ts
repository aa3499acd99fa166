import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { bundleVendor } from './vendor.ts';

/**
 * Serves the demo page from a folder. Built, it holds JavaScript; from a checkout it holds TypeScript, and `main.js` is
 * answered with `main.ts` without its types, so that development needs no build. What is in `vendor` is bundled once,
 * when it is first asked for.
 */
export async function servePage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder, cacheControl: true, maxAge: 0 });
  if (!existsSync(join(folder, 'main.ts'))) return;
  const bundles = new Map<string, Promise<string>>();
  server.get<{ Params: { name: string } }>('/vendor/:name(^[a-z-]+).js', async (request, reply) => {
    const path = join(folder, 'vendor', `${request.params.name}.ts`);
    if (!existsSync(path)) return reply.callNotFound();
    const bundle = bundles.get(path) ?? bundleVendor(path);
    bundles.set(path, bundle);
    return reply.type('text/javascript').send(await bundle);
  });
  for (const route of [
    '/:name(^[a-z-]+).js',
    '/face/:name(^[a-z-]+).js',
    '/face/:part(^[a-z]+)/:name(^[a-z-]+).js',
  ]) {
    server.get(route, async (request, reply) => {
      const path = join(folder, request.url.replace(/\?.*$/, '').replace(/\.js$/, '.ts'));
      if (!existsSync(path)) return reply.callNotFound();
      return reply.type('text/javascript').send(stripTypeScriptTypes(await readFile(path, 'utf8')));
    });
  }
}
