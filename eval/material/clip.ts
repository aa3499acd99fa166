/** Hz of all sound here. */
export const SAMPLE_RATE = 16_000;

/** Frames a second of all faces here. */
export const FPS = 30;

/** One phone of a synthetic voice and when it is spoken, in seconds. */
export interface Phone {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A stretch of speech to animate, with what is known about it. */
export interface Clip {
  readonly name: string;
  /** Mono, at {@link SAMPLE_RATE}. */
  readonly pcm: Int16Array;
  /** What the full-size model makes of it: 52 weights a frame. */
  readonly reference?: readonly Float32Array[];
  readonly phones?: readonly Phone[];
}

/** How many frames tile a clip. */
export function frameCount({ pcm }: Clip): number {
  return Math.ceil((pcm.length * FPS) / SAMPLE_RATE);
}

/** The sound of a frame. */
export function frameSound({ pcm }: Clip, frame: number): Int16Array {
  const at = (index: number) => Math.round((index * SAMPLE_RATE) / FPS);
  return pcm.subarray(at(frame), at(frame + 1));
}
