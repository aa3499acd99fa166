/** Mono 16-bit sound with its rate. */
export interface Sound {
  readonly sampleRate: number;
  readonly pcm: Int16Array;
}

/** Length of a header as {@link wavHeader} makes it. */
export const HEADER_BYTES = 44;

/**
 * Reads a RIFF/WAVE file of 16-bit PCM; of several channels the first is taken.
 *
 * @throws RangeError if the bytes are anything else.
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new RangeError('not a RIFF/WAVE file');
  }
  let format: { channels: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const name = tag(view, at);
    const start = at + 8;
    // A writer that streams leaves the length open (all ones): the file's end is the sound's end.
    const end = Math.min(start + view.getUint32(at + 4, true), bytes.byteLength);
    if (name === 'fmt ') format = readFormat(view, start);
    if (name === 'data') {
      if (format === undefined) throw new RangeError('WAVE data before its format');
      return { sampleRate: format.sampleRate, pcm: firstChannel(view, start, end, format.channels) };
    }
    at = end + ((end - start) % 2);
  }
  throw new RangeError('WAVE file without data');
}

/** A RIFF/WAVE file of mono 16-bit PCM. */
export function encodeWav({ sampleRate, pcm }: Sound): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + pcm.byteLength);
  bytes.set(wavHeader(sampleRate, pcm.byteLength));
  bytes.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), HEADER_BYTES);
  return bytes;
}

/** What stands before `dataBytes` bytes of mono 16-bit PCM in a RIFF/WAVE file. */
export function wavHeader(sampleRate: number, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  return bytes;
}

function readFormat(view: DataView, at: number): { channels: number; sampleRate: number } {
  if (at + 16 > view.byteLength) throw new RangeError('WAVE format cut short');
  const channels = view.getUint16(at + 2, true);
  if (view.getUint16(at, true) !== 1 || view.getUint16(at + 14, true) !== 16 || channels === 0) {
    throw new RangeError('WAVE file is not 16-bit PCM');
  }
  return { channels, sampleRate: view.getUint32(at + 4, true) };
}

function firstChannel(view: DataView, start: number, end: number, channels: number): Int16Array {
  const stride = 2 * channels;
  const pcm = new Int16Array(Math.floor((end - start) / stride));
  for (let index = 0; index < pcm.length; index += 1)
    pcm[index] = view.getInt16(start + index * stride, true);
  return pcm;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function writeTag(view: DataView, at: number, name: string): void {
  for (let index = 0; index < name.length; index += 1) view.setUint8(at + index, name.charCodeAt(index));
}
