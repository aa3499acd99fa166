import type { Recording } from './recorder.ts';
import { SAMPLES_PER_FRAME } from './score.ts';

/** What of the known sound was heard, by the audio clock. */
export interface Sounded {
  /** Where each frame of it began (samples of the audio clock), in order: every sample of these frames was heard unchanged. */
  readonly starts: readonly number[];
  /** How often something was between two frames: the turn ran dry. */
  readonly gaps: number;
  /** The last sample that was not silence. */
  readonly lastAt: number;
}

/** A frame is looked for so far (samples) after the one before it. */
const FARTHEST = 20 * 24_000;

/** Looks for the frames of the known sound, one after another, in what was heard. */
export function soundedOf({ blocks }: Recording, sound: Int16Array): Sounded {
  const parts = blocks.map(({ at, samples }) => ({ at, samples: floats(samples) }));
  const first = parts[0]?.at ?? 0;
  const heard = new Float32Array(Math.max(0, ...parts.map(({ at, samples }) => at - first + samples.length)));
  for (const { at, samples } of parts) heard.set(samples, at - first);
  const starts: number[] = [];
  let gaps = 0;
  let expected = 0;
  for (let from = 0; from < sound.length; from += SAMPLES_PER_FRAME) {
    const frame = sound.subarray(from, from + SAMPLES_PER_FRAME);
    const at = find(heard, frame, expected);
    if (at === undefined) break;
    if (from > 0 && at !== expected) gaps += 1;
    starts.push(first + at);
    expected = at + frame.length;
  }
  return { starts, gaps, lastAt: first + heard.findLastIndex((sample) => sample !== 0) };
}

/** The place (frames) that is heard at a sample of the audio clock; a gap belongs to the frame before it. */
export function placeAt({ starts }: Sounded, sample: number): number {
  const next = starts.findIndex((start) => start > sample);
  const frame = next === -1 ? starts.length - 1 : next - 1;
  return frame + Math.min(1, (sample - (starts[Math.max(0, frame)] ?? 0)) / SAMPLES_PER_FRAME);
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function find(heard: Float32Array, frame: Int16Array, from: number): number | undefined {
  for (let at = from; at < Math.min(heard.length, from + FARTHEST); at += 1) {
    if (frame.every((sample, index) => heard[at + index] === sample / 32_768)) return at;
  }
  return undefined;
}
