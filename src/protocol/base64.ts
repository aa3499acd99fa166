/**
 * Whether `text` is base64 in the standard alphabet, padded, nothing else in it (RFC 4648 section 4).
 * `Buffer.from` alone would accept junk: it drops characters it does not know.
 */
export function isStrictBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
