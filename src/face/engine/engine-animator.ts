import type { FaceAnimator } from '../animator.ts';
import { FACE_FPS } from './frame-grid.ts';
import { WindowStream, type WindowStreamParts } from './window-stream.ts';

/**
 * The face a model makes: every turn streams its sound through windows of the shared inference (window-stream.ts).
 * Frames come when the model is done with them, which may be late: put it behind bridged() (bridge.ts).
 *
 * Closing it leaves the inference open: whoever began it ends it.
 */
export function engineAnimator(parts: WindowStreamParts, name = 'wav2arkit'): FaceAnimator {
  return {
    name,
    fps: FACE_FPS,
    visemes: parts.reading?.visemes ?? false,
    open: (options) => new WindowStream(options, parts),
    close: () => Promise.resolve(),
  };
}
