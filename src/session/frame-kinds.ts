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
