/** 16-bit samples out of base64 of little-endian PCM; undefined if it is not base64. A last odd byte is dropped. */
export function decodePcm(base64: string): Int16Array<ArrayBuffer> | undefined {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return undefined;
  }
  const samples = new Int16Array(binary.length >> 1);
  for (let at = 0; at < samples.length; at += 1) {
    samples[at] = binary.charCodeAt(2 * at) | (binary.charCodeAt(2 * at + 1) << 8);
  }
  return samples;
}

/** How many bytes this base64 holds. */
export function base64Bytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Base64 of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return btoa(text);
}

/** Base64 of little-endian PCM out of 16-bit samples. */
export function encodePcm(samples: Int16Array): string {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, at) => {
    view.setInt16(2 * at, sample, true);
  });
  return encodeBase64(bytes);
}

/** 16-bit samples as numbers from -1 to 1. */
export function toFloat(samples: Int16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}

/** Numbers from -1 to 1 (louder ones are clipped, what is no number is silence) as 16-bit samples. */
export function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample || 0)) * 32_767));
}
