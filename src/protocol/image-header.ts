/** What a picture's first bytes say of it: its kind, and its sides in pixels, as they are stored. */
export interface ImageHeader {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/**
 * A JPEG's size stands behind what a camera and an editor have put in front of it: Exif, thumbnails, a colour profile in up
 * to 255 pieces. After this many segments nobody looks any further.
 */
const MAX_SEGMENTS = 600;

const PNG_BEGINNING = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, ...codes('IHDR')];

/** Where a WebP's first chunk has its data, and how much of that is read. */
const WEBP_DATA_AT = 20;
const WEBP_HEADER_BYTES = 30;

/**
 * Reads the header of a JPEG, PNG or WebP; undefined for anything else. Reads a few bytes only (of a JPEG a few for each of
 * its segments, up to the frame's own), whatever they say: this is what strangers send.
 *
 * Sources: ITU-T T.81 annex B (JPEG), the PNG specification 11.2.1, RFC 9649 (WebP).
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  return jpeg(bytes) ?? png(bytes) ?? webp(bytes);
}

function jpeg(bytes: Uint8Array): ImageHeader | undefined {
  if (!has(bytes, 0, [0xff, 0xd8])) return undefined;
  let at = 2;
  for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    const length = big(bytes, at + 2, 2);
    if (marker === 0xff) {
      at += 1; // a filling byte
    } else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      if (length < 8 || bytes.length < at + 9) return undefined;
      return { type: 'image/jpeg', width: big(bytes, at + 7, 2), height: big(bytes, at + 5, 2) };
    } else {
      if (length < 2) return undefined;
      at += 2 + length;
    }
  }
  return undefined;
}

function png(bytes: Uint8Array): ImageHeader | undefined {
  if (!has(bytes, 0, PNG_BEGINNING) || bytes.length < 24) return undefined;
  return { type: 'image/png', width: big(bytes, 16, 4), height: big(bytes, 20, 4) };
}

function webp(bytes: Uint8Array): ImageHeader | undefined {
  if (!has(bytes, 0, codes('RIFF')) || !has(bytes, 8, codes('WEBP'))) return undefined;
  if (bytes.length < WEBP_HEADER_BYTES) return undefined;
  const sides = webpSides(bytes);
  return sides && { type: 'image/webp', ...sides };
}

function webpSides(bytes: Uint8Array): Omit<ImageHeader, 'type'> | undefined {
  const data = bytes.subarray(WEBP_DATA_AT, WEBP_HEADER_BYTES);
  if (has(bytes, 12, codes('VP8X'))) return { width: 1 + little(data, 4, 3), height: 1 + little(data, 7, 3) };
  if (has(bytes, 12, codes('VP8L')) && has(data, 0, [0x2f])) {
    const packed = little(data, 1, 4);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (has(bytes, 12, codes('VP8 ')) && has(data, 3, [0x9d, 0x01, 0x2a])) {
    return { width: little(data, 6, 2) & 0x3fff, height: little(data, 8, 2) & 0x3fff };
  }
  return undefined;
}

function codes(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function has(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

/** A number, its most significant byte first; bytes that are not there count as 0. */
function big(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

function little(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
