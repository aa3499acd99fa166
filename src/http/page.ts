import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerWith } from './page/answer.ts';
import { filesOfBuild } from './page/built.ts';
import { BundleError } from './page/bundle.ts';
import { filesOfCheckout } from './page/checkout.ts';
import { modulesOf } from './page/client-library.ts';
import type { PageFiles } from './page/page-file.ts';
import { PERMISSIONS, POLICIES } from './page/policies.ts';
import { toldOfTokens } from './page/widget-page.ts';

/** Paths that are no file's name. */
const NAMES: Readonly<Record<string, string>> = { '': 'index.html', widget: 'widget.html' };

/** How the page is served. */
export interface PageOptions {
  /** Clients have to fetch a token. */
  readonly wantsToken?: boolean;
}

/**
 * Serves the page from its folder, at `/`, and the client library, which lies beside it, at `/client/src/`. Built, the
 * folders hold what goes out; in a checkout they hold sources, of which it is made when it is first asked for and whenever
 * one has changed, so that development needs no build.
 *
 * @param folder of the page.
 * @param clientFolder of the client library's modules.
 */
export async function servePage(
  server: FastifyInstance,
  folder: string,
  clientFolder: string = join(folder, '..', 'client', 'src'),
  { wantsToken = false }: PageOptions = {},
): Promise<void> {
  const isCheckout = existsSync(join(folder, 'main.ts'));
  const page = isCheckout ? filesOfCheckout(folder, clientFolder) : filesOfBuild(folder);
  serveFiles(server, '/', wantsToken ? toldOfTokens(page) : page);
  serveFiles(server, '/client/src/', isCheckout ? modulesOf(clientFolder) : filesOfBuild(clientFolder));
}

/** Serves files under a path that begins and ends with a slash. Routes that name their paths whole go before them. */
function serveFiles(server: FastifyInstance, prefix: string, files: PageFiles): void {
  server.get<{ Params: { '*': string } }>(
    `${prefix}*`,
    { schema: { hide: true } },
    async (request, reply) => {
      const path = request.params['*'];
      const name = NAMES[path] ?? path;
      try {
        // Neither an asterisk nor another server's whole address, which the router would take for the page.
        const file = request.url.startsWith('/') ? await files.find(name) : undefined;
        return file === undefined ? reply.callNotFound() : answerWith(file, request, mayDo(name, reply));
      } catch (error) {
        if (!(error instanceof BundleError)) throw error;
        request.log.error(error.message);
        return reply.code(500).type('text/plain; charset=utf-8').send(error.message);
      }
    },
  );
}

/** Says what a page may load and do, where this answer is one. */
function mayDo(name: string, reply: FastifyReply): FastifyReply {
  const policy = POLICIES[name];
  if (policy === undefined) return reply;
  return reply.header('content-security-policy', policy).header('permissions-policy', PERMISSIONS);
}
