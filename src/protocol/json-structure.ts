const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * How many bytes of a JSON text are quotation marks or stand outside of its strings: what parsing it costs beyond
 * copying. Long strings are skipped at the speed of memory, so this is far cheaper than to parse it.
 *
 * @param most counting ends soon after so many.
 */
export function structureBytes(json: Buffer, most: number): number {
  let bytes = 0;
  let inString = false;
  for (let at = 0; bytes <= most; ) {
    const quote = json.indexOf(QUOTE, at);
    if (!inString) bytes += (quote === -1 ? json.length : quote) - at;
    if (quote === -1) break;
    bytes += 1;
    if (!inString || !isEscaped(json, quote)) inString = !inString;
    at = quote + 1;
  }
  return bytes;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(json: Buffer, at: number): boolean {
  let before = at;
  while (json[before - 1] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}
