import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The one path that speaks WebSocket; the widget derives the token's address from it. */
export const WS_PATH = '/ws';

/** The version of RFC 6455. */
const WS_VERSION = '13';

/**
 * Whether a request asks for WebSocket and nothing else. What else a client offers (`h2c`, say) is not taken, and its
 * request is answered as any other (RFC 9110 section 7.8).
 */
export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return /^websocket$/i.test(headers.upgrade ?? '');
}

/**
 * Answers a request to speak WebSocket elsewhere, or another version of it. The rest of the handshake is ws's.
 *
 * @returns whether it was answered; the socket is gone then.
 */
export function refuseHandshake({ url, headers }: IncomingMessage, socket: Duplex): boolean {
  if (pathOf(url) !== WS_PATH) return answer(socket, '404 Not Found');
  if (headers['sec-websocket-version'] === WS_VERSION) return false;
  return answer(
    socket,
    '426 Upgrade Required',
    `Upgrade: websocket\r\nSec-WebSocket-Version: ${WS_VERSION}\r\n`,
  );
}

function answer(socket: Duplex, status: string, headers = ''): true {
  // A client that leaves its own side open would keep the socket, and the server from closing, for ever.
  const hangUp = () => socket.destroy();
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`, hangUp);
  return true;
}

/** What stands after the question mark of a request's address. */
export function queryOf(url = '/'): URLSearchParams {
  return new URLSearchParams(url.slice(pathOf(url).length));
}

function pathOf(url = '/'): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
