/** Longer than any origin with a real host name (253 characters). */
const MAX_ORIGIN_LENGTH = 300;

/** Characters of a host name or address, and a port; URL would let others pass, such as a `*`. */
const WEB_ORIGIN = /^https?:\/\/[a-z0-9._\-:[\]]+$/;

/** Origins of apps that carry their pages along, such as `capacitor://localhost`: URL gives them no origin. */
const APP_ORIGIN = /^(?!https?:|wss?:|ftp:|file:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9][a-z0-9.-]*$/;

/**
 * Whether `text` is an origin exactly as a browser writes it in its header (RFC 6454 section 6.2): scheme, host, and the
 * port where it is not the scheme's own. Nothing that only means the same: no capitals, slash, path, user, default port,
 * or host name outside ASCII. So two origins are the same exactly if their texts are.
 */
export function isOrigin(text: string): boolean {
  if (text.length > MAX_ORIGIN_LENGTH) return false;
  if (APP_ORIGIN.test(text)) return true;
  return WEB_ORIGIN.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
