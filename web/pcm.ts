/** Samples (-1..1) out of base64 of signed 16-bit little-endian PCM. */
export function decodePcm(base64: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 1 }, (_, at) => view.getInt16(2 * at, true) / 32_768);
}

/** Base64 of signed 16-bit little-endian PCM out of samples (-1..1; louder ones are clipped). */
export function encodePcm(samples: Float32Array): string {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, at) => {
    view.setInt16(2 * at, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  });
  // In pieces: a call takes only so many arguments.
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(text);
}
