import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import type { Visitor } from '../auth/visitor.ts';

/**
 * Whose `X-Forwarded-For` is believed: nobody's; that of `true` every peer, of a number so many proxies in front of us, of
 * a list the peers with these addresses or in these networks.
 */
export type TrustedProxies = boolean | number | readonly string[];

/** Whether to believe what a peer says of those behind it; hop 0 is the peer of our own socket. */
export type Trust = (address: string, hop: number) => boolean;

/** The trust in words of the setting as a function; undefined where nobody is trusted. */
export function trustIn(proxies: TrustedProxies): Trust | undefined {
  if (proxies === false || proxies === 0) return undefined;
  if (proxies === true) return () => true;
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  return proxyAddr.compile([...proxies]);
}

/** Who sends this request; without an id of its own it gets one. */
export function visitorOf(
  request: IncomingMessage,
  trust: Trust | undefined,
  requestId: string = randomUUID(),
): Visitor {
  return {
    requestId,
    origin: request.headers.origin,
    address: clientAddress(request, trust),
  };
}

/**
 * The network address of a client: the last one that no trusted proxy vouches for. What is no address (anybody may write
 * anything into a header) is not believed; then it is the socket's.
 */
function clientAddress(request: IncomingMessage, trust: Trust | undefined): string {
  const peer = request.socket.remoteAddress ?? '';
  if (trust === undefined) return peer;
  const address = withoutPort(proxyAddr(request, trust));
  return isIP(address) === 0 ? peer : address;
}

/** Some proxies (Azure's) write the port, too: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
function withoutPort(address: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
