import { z } from 'zod';

/** A ws:// or wss:// address, or nothing. */
export function optionalWebSocketUrl() {
  return z.url({ protocol: /^wss?$/, error: 'expected a ws:// or wss:// address' }).optional();
}

/** An http(s) address without user and password, or a file, or nothing. */
export function optionalSource() {
  const expected = 'expected an http(s) address without user and password, or a file';
  return z.string().refine(isSource, expected).optional();
}

/** Whatever begins as an address has to be one: what is wrong with it would otherwise be said with it, key and all. */
function isSource(text: string): boolean {
  if (!/^https?:/i.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** A redis:// or rediss:// address with perhaps user, password and number of the database, or nothing. */
export function optionalRedisUrl() {
  const expected =
    'expected a redis:// or rediss:// address: redis://user:password@host:6379/0, special characters as %23';
  return z.string().refine(isRedisAddress, expected).optional();
}

function isRedisAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  if (!/^rediss?:$/.test(protocol) || hostname === '' || !/^\/?\d*$/.test(pathname)) return false;
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** An http:// or https:// address, or nothing. */
export function optionalHttpUrl() {
  return z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' }).optional();
}
