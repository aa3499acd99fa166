import { createHash } from 'node:crypto';
import { type Coding, type Effort, pack } from './compression.ts';

/** A file of the page as it goes out. */
export interface PageFile {
  /** Its content type. */
  readonly type: string;
  readonly bytes: Buffer;
  /** Names these bytes and no others. */
  readonly tag: string;
  /** Its name holds what it holds: whoever has it need never ask again. */
  readonly immutable: boolean;
  /** Whether it goes out compressed to those who can read that. */
  readonly packs: boolean;
  /** The same bytes compressed; made once. */
  readonly packed: (coding: Coding) => Promise<Buffer>;
}

/** Where the page's files come from: the built package, or the sources of a checkout. */
export interface PageFiles {
  /**
   * @param path without a slash before it, as the address has it, decoded: it may be anything.
   * @returns undefined where there is no such file.
   * @throws BundleError where a source cannot be made a script.
   */
  find(path: string): Promise<PageFile | undefined>;
}

/** What the page consists of; anything else in its folder (the compressed twins, say) is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Compressed they would hardly be smaller: they fit into one packet of the network anyway. */
const FEWEST_BYTES = 1024;

/** The content type of a file by its name; undefined for one that is not served. */
export function typeOf(path: string): string | undefined {
  return TYPES[/\.[a-z]+$/.exec(path)?.[0] ?? ''];
}

/** Whether a file of this name and content is worth compressing. */
export function isPackable(path: string, bytes: Uint8Array): boolean {
  return bytes.byteLength >= FEWEST_BYTES && !path.endsWith('.png');
}

/**
 * Makes a file of what it holds.
 *
 * @param twins what was compressed when the package was built; what is missing is compressed when it is first asked for.
 * @returns undefined for what is not served.
 */
export function pageFile(
  path: string,
  bytes: Buffer,
  effort: Effort,
  twins: ReadonlyMap<Coding, Buffer> = new Map(),
): PageFile | undefined {
  const type = typeOf(path);
  if (type === undefined) return undefined;
  const packed = new Map<Coding, Promise<Buffer>>();
  for (const [coding, twin] of twins) packed.set(coding, Promise.resolve(twin));
  return {
    type,
    bytes,
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    immutable: path.startsWith('chunks/'),
    packs: isPackable(path, bytes),
    packed: (coding) => {
      const made = packed.get(coding) ?? pack(bytes, coding, effort);
      packed.set(coding, made);
      return made;
    },
  };
}
