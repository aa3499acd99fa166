import { ProtocolError } from '../errors.ts';
import { readImageHeader } from './image-header.ts';

/** Pictures may be so large: a camera frame or a screenshot as JPEG is well below. */
export const MAX_IMAGE_BYTES = 700 * 1024;

/** And have so many pixels on a side. */
export const MAX_IMAGE_SIDE_PX = 4096;

/** The kinds of pictures that are taken. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

/** One of {@link IMAGE_TYPES}. */
export type ImageType = (typeof IMAGE_TYPES)[number];

/**
 * Checks a picture by its bytes, whatever it was called.
 *
 * @throws ProtocolError if it is not a JPEG, PNG or WebP, is not what it was called, or is too large.
 */
export function checkImage(bytes: Uint8Array, calledType: ImageType): void {
  if (bytes.byteLength > MAX_IMAGE_BYTES) throw invalid(`larger than ${MAX_IMAGE_BYTES} bytes`);
  const header = readImageHeader(bytes);
  if (header === undefined) throw invalid('no picture that can be read');
  if (header.type !== calledType) throw invalid(`not the ${calledType} it was called`);
  const { width, height } = header;
  if (width < 1 || height < 1 || width > MAX_IMAGE_SIDE_PX || height > MAX_IMAGE_SIDE_PX) {
    throw invalid(`not between 1 and ${MAX_IMAGE_SIDE_PX} pixels wide and high`);
  }
}

function invalid(problem: string): ProtocolError {
  return new ProtocolError('invalid_image', problem, { publicMessage: `The picture is ${problem}.` });
}
