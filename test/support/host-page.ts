import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's web server: one page, of another origin than the avatar's server. */
export interface HostPage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a page on a free port.
 *
 * @param headers go out with it: a content security policy, say.
 * @param answer what other paths say, as text; nothing unless given.
 */
export async function serveHostPage(
  markup: string | (() => string),
  headers: Readonly<Record<string, string>> = {},
  answer: (path: string) => string | undefined = () => undefined,
): Promise<HostPage> {
  const server = createServer(({ url = '/' }, response) => {
    if (url !== '/') {
      const text = answer(url);
      response.writeHead(text === undefined ? 204 : 200, { 'Content-Type': 'text/plain' }).end(text);
      return;
    }
    const body = typeof markup === 'string' ? markup : markup();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
