import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** How an answer may be compressed, as headers name it. */
export type Coding = 'br' | 'gzip';

/** All of them, the better ones first. */
export const CODINGS: readonly Coding[] = ['br', 'gzip'];

/** What the compressed twin of a built file is called besides. */
export const SUFFIXES: Readonly<Record<Coding, string>> = { br: '.br', gzip: '.gz' };

/** Whether somebody waits for it (a checkout's first visitor), or nobody (a build). */
export type Effort = 'quick' | 'thorough';

/** Of the library's levels: a tenth of the time for a tenth of the bytes more, and the most there is. */
const LEVELS = { quick: { br: 5, gzip: 6 }, thorough: { br: 11, gzip: 9 } } as const;

const [brotliOf, gzipOf] = [promisify(brotliCompress), promisify(gzip)];

/** Compresses text, on another thread. */
export function pack(bytes: Buffer, coding: Coding, effort: Effort): Promise<Buffer> {
  const level = LEVELS[effort][coding];
  if (coding === 'gzip') return gzipOf(bytes, { level });
  return brotliOf(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}

/**
 * The coding that a client likes best, and of what it likes equally the better one; undefined: as it is.
 *
 * @param accepted the header Accept-Encoding, whatever stands in it (RFC 9110, 12.5.3).
 */
export function chooseCoding(accepted: string | undefined): Coding | undefined {
  if (accepted === undefined) return undefined;
  const likes = new Map(accepted.split(',').map(readPart));
  const liking = (coding: Coding) => likes.get(coding) ?? likes.get('*') ?? 0;
  let best: Coding | undefined;
  for (const coding of CODINGS) if (liking(coding) > (best === undefined ? 0 : liking(best))) best = coding;
  return best;
}

/** `gzip;q=0.8` as name and liking; what cannot be read is not liked. */
function readPart(part: string): readonly [name: string, liking: number] {
  const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (weight === undefined) return [name, 1];
  return [name, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0];
}
