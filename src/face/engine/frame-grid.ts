import { frameStart } from '../../audio/pcm.ts';

/** Frames a second the model family speaks in (lipsync notes, 1.1); every grid in this folder has it. */
export const FACE_FPS = 30;

/** Milliseconds from one frame to the next. */
export const FRAME_MS = 1000 / FACE_FPS;

/** How many frames lie whole within the first `samples` samples at `sampleRate` Hz. */
export function wholeFrames(samples: number, sampleRate: number): number {
  let frames = Math.floor((samples * FACE_FPS) / sampleRate);
  while (frameStart(frames + 1, sampleRate, FACE_FPS) <= samples) frames += 1;
  return frames;
}

/** How many frames tile `samples` samples at `sampleRate` Hz: the last may be only begun. */
export function tilingFrames(samples: number, sampleRate: number): number {
  const whole = wholeFrames(samples, sampleRate);
  return frameStart(whole, sampleRate, FACE_FPS) < samples ? whole + 1 : whole;
}
