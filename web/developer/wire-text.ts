/** How much of a long string is shown (characters). */
const SHOWN_CHARS = 48;

/** Beyond this a message is shown as it is, cut: it is not worth to be taken apart (characters). */
const MOST_TAKEN_APART = 256 * 1024;

/** Most messages name their type first. */
const TYPE_FIRST = /^\s*\{\s*"type"\s*:\s*"([a-z_]{1,40})"/;

/** The `type` of what went over the wire; `?` where it has none. */
export function typeOf(data: unknown): string {
  if (typeof data !== 'string') return '?';
  const first = TYPE_FIRST.exec(data)?.[1];
  if (first !== undefined) return first;
  const type = (parsed(data) as { readonly type?: unknown } | undefined)?.type;
  return typeof type === 'string' && type !== '' ? type.slice(0, 40) : '?';
}

/** The turn that a message belongs to, if it says so near its beginning; the empty string otherwise. */
export function turnOf(data: unknown): string {
  if (typeof data !== 'string') return '';
  return /"turnId"\s*:\s*"([^"\\]{1,256})"/.exec(data.slice(0, 600))?.[1] ?? '';
}

/** How much went over the wire (bytes). */
export function sizeOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  // Near enough for text that is all but ASCII, and a hundred times as fast as encoding it.
  return typeof data === 'string' ? data.length : 0;
}

/** A message for people: indented, with long strings (sound, pictures) cut, and numbers of a face in few lines. */
export function readable(data: unknown): string {
  if (typeof data !== 'string') return `(${sizeOf(data)} bytes, no text)`;
  const json = parsed(data);
  if (json === undefined) return shortened(data, 2000);
  return written(json, 2);
}

/** Fields that say nothing new on a line of their own, beside the type. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'sessionId',
  'turnId',
  'itemId',
  'userId',
  'timestamp',
  'format',
  'weights',
  'visemes',
]);

/** A message on one line: what it says first, and not what all messages have. */
export function gist(data: unknown): string {
  const json = typeof data === 'string' ? parsed(data) : undefined;
  if (json === undefined) return typeof data === 'string' ? shortened(data, 80) : readable(data);
  const fields = Object.entries(json).filter(([name]) => !KNOWN_FIELDS.has(name));
  const told = fields.map(([name, value]) => ({ name, text: `${name} ${shortened(written(value, 0))}` }));
  const order = told.toSorted((a, b) => Number(b.name === 'text') - Number(a.name === 'text'));
  return order.map(({ text }) => text).join('  ');
}

/** The first `most` characters, and how many were left out. */
export function shortened(text: string, most = SHOWN_CHARS): string {
  return text.length <= 2 * most ? text : `${text.slice(0, most)}… (+${text.length - most})`;
}

/** JSON with long strings cut. */
function written(value: unknown, indent: number): string {
  try {
    return JSON.stringify(value, (_, part) => (typeof part === 'string' ? shortened(part) : part), indent);
  } catch {
    return '…'; // so deep that it can be read but not written
  }
}

function parsed(text: string): object | undefined {
  if (text.length > MOST_TAKEN_APART) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
