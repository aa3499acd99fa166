import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** A TypeScript source as the script a browser runs: without its types, its imports naming scripts. */
export function browserScript(source: string): string {
  return stripTypeScriptTypes(source).replace(/(\b(?:from|import)\s*\(?\s*'\.[^']*)\.ts'/g, "$1.js'");
}

/**
 * Serves the scripts of a folder under a path. Built, it holds JavaScript; from a checkout TypeScript, which is answered
 * as {@link browserScript} makes it, so that development needs no build.
 *
 * @param path begins and ends with a slash.
 */
export function serveScripts(server: FastifyInstance, path: string, folder: string): void {
  server.get<{ Params: { '*': string } }>(`${path}*`, { schema: { hide: true } }, async (request, reply) => {
    const name = /^((?:[a-z0-9-]+\/)*[a-z0-9-]+)\.js$/.exec(request.params['*'])?.[1];
    const script = name === undefined ? undefined : await readScript(join(folder, name));
    if (script === undefined) return reply.callNotFound();
    return reply.type('text/javascript').header('Cache-Control', 'public, max-age=0').send(script);
  });
}

async function readScript(path: string): Promise<string | undefined> {
  if (existsSync(`${path}.js`)) return readFile(`${path}.js`, 'utf8');
  if (existsSync(`${path}.ts`)) return browserScript(await readFile(`${path}.ts`, 'utf8'));
  return undefined;
}
