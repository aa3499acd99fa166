import { isIPv4, isIPv6 } from 'node:net';

/** IPv4 addresses as IPv6 sockets show them (RFC 4291 section 2.5.5.2). */
const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What limits count a client's address under: an IPv4 address as it is, of an IPv6 address the first 64 bits, because one
 * subscriber has all that begin with them (RFC 4291 section 2.5.4). Whatever is no address counts as one.
 */
export function addressKey(address: string): string {
  const v4 = MAPPED_V4.exec(address)?.[1] ?? address;
  if (isIPv4(v4)) return v4;
  return isIPv6(address) ? `${network(address).join(':')}::/64` : 'unknown';
}

/** The first four groups, without leading zeros. */
function network(address: string): string[] {
  // URL writes an address in its shortest form, the IPv4 in its tail as groups; a zone is not part of it.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)].slice(0, 4);
}
