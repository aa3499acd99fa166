/** When a frame went out, beside when it should have (see playout.ts). */
export const FRAME_TIMINGS = ['on_time', 'late', 'dry'] as const;
/** One of {@link FRAME_TIMINGS}. */
export type FrameTiming = (typeof FRAME_TIMINGS)[number];

/**
 * Whose face a frame has: the animator's; none in time, so that the mouth closes; none because the frame is silence put
 * in; or the face is switched off.
 */
export const FRAME_FACES = ['animated', 'missing', 'filler', 'off'] as const;
/** One of {@link FRAME_FACES}. */
export type FrameFace = (typeof FRAME_FACES)[number];

/** One frame as it goes out, before it is encoded. */
export interface PlayoutFrame {
  readonly frameIndex: number;
  readonly weights: Float32Array;
  readonly visemes: Float32Array | undefined;
  readonly pcm: Int16Array;
  readonly filler: boolean;
  readonly timing: FrameTiming;
  readonly face: FrameFace;
  /** Where the frame's sound begins in the turn's sound, in milliseconds; fillers have none of it. */
  readonly soundMs: number;
}
