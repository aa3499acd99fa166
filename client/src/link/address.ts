/** Where a server is: its socket, and where it gives out tokens. */
export interface Address {
  readonly socket: URL;
  readonly token: URL;
}

/**
 * Reads a server's address: `https://host`, `wss://host/ws`, or relative to the page. A path before `/ws` is kept.
 *
 * @throws TypeError if it is no address, or neither http(s) nor ws(s).
 */
export function readAddress(server: string, base: string | undefined): Address {
  const socket = new URL(server, base);
  const plain = socket.protocol === 'ws:' || socket.protocol === 'http:';
  if (!plain && socket.protocol !== 'wss:' && socket.protocol !== 'https:') {
    throw new TypeError(
      `the server's address must begin with https:, http:, wss: or ws:, not ${socket.protocol}`,
    );
  }
  socket.protocol = plain ? 'ws:' : 'wss:';
  socket.hash = '';
  const folder = socket.pathname.replace(/\/(ws)?$/, '');
  socket.pathname = `${folder}/ws`;
  const token = new URL(socket);
  token.protocol = plain ? 'http:' : 'https:';
  token.pathname = `${folder}/api/auth/token`;
  token.search = '';
  return { socket, token };
}
