import type { Recording } from './recorder.ts';
import { SAMPLES_PER_FRAME } from './score.ts';

/** What of the known sound was heard, by the audio clock. */
export interface Sounded {
  /** The frames of which every sample was heard unchanged, in order, and where each began (samples of the audio clock). */
  readonly whole: readonly { readonly frame: number; readonly at: number }[];
  /** The frames before the last whole one of which not every sample was. */
  readonly spoiled: readonly number[];
  /** Where something else was heard between two of them (samples of the audio clock), and which frame ended it: the turn ran dry. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly frame: number }[];
  /** The last sample that was not silence. */
  readonly lastAt: number;
}

/** Samples are the same if they are to less than half a step of 16 bits: a start between two samples is rounded by the browser. */
const SAME = 0.5 / 32_768;

/** A frame is looked for so far (samples) after the one before it. */
const FARTHEST = 20 * 24_000;

/** Looks for the frames of the known sound, one after another, in what was heard. */
export function soundedOf({ blocks }: Recording, sound: Int16Array): Sounded {
  const parts = blocks.map(({ at, samples }) => ({ at, samples: floats(samples) }));
  const first = parts[0]?.at ?? 0;
  const heard = new Float32Array(Math.max(0, ...parts.map(({ at, samples }) => at - first + samples.length)));
  for (const { at, samples } of parts) heard.set(samples, at - first);
  const whole: { frame: number; at: number }[] = [];
  for (let frame = 0; frame * SAMPLES_PER_FRAME < sound.length; frame += 1) {
    const last = whole.at(-1);
    const expected = last === undefined ? 0 : last.at - first + (frame - last.frame) * SAMPLES_PER_FRAME;
    const samples = sound.subarray(frame * SAMPLES_PER_FRAME, (frame + 1) * SAMPLES_PER_FRAME);
    const at = find(heard, samples, expected);
    if (at !== undefined) whole.push({ frame, at: first + at });
  }
  const known = new Set(whole.map(({ frame }) => frame));
  const last = whole.at(-1)?.frame ?? 0;
  return {
    whole,
    spoiled: Array.from({ length: last }, (_, frame) => frame).filter((frame) => !known.has(frame)),
    gaps: whole.flatMap(({ frame, at }, index) => {
      const before = whole[index - 1];
      if (before === undefined) return [];
      const from = before.at + (frame - before.frame) * SAMPLES_PER_FRAME;
      return at === from ? [] : [{ from, to: at, frame }];
    }),
    lastAt: first + heard.findLastIndex((sample) => sample !== 0),
  };
}

/** The place (frames) that is heard at a sample of the audio clock; a gap belongs to the frame before it. */
export function placeAt({ whole }: Sounded, sample: number): number {
  const next = whole.findIndex(({ at }) => at > sample);
  const { frame, at } = whole[next === -1 ? whole.length - 1 : Math.max(0, next - 1)] ?? { frame: 0, at: 0 };
  const most = (whole[next]?.frame ?? frame + 1) - frame;
  return frame + Math.min(most, (sample - at) / SAMPLES_PER_FRAME);
}

function floats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function find(heard: Float32Array, frame: Int16Array, from: number): number | undefined {
  for (let at = from; at < Math.min(heard.length, from + FARTHEST); at += 1) {
    if (frame.every((sample, index) => Math.abs((heard[at + index] ?? 2) - sample / 32_768) < SAME))
      return at;
  }
  return undefined;
}
