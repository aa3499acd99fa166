import type { FaceAnimator, FaceFrame, FaceStream, OpenFace } from './animator.ts';

/** What is done to one turn's faces. */
export interface FrameLayer {
  /** Sees the sound before the animator does. */
  readonly sound?: (pcm: Int16Array) => void;
  /** That was all the sound. */
  readonly end?: () => void;
  /** Changes the weights of a frame in place; called once for each, in order. */
  readonly frame: (frame: FaceFrame) => void;
}

/** An animator whose every frame goes through a layer of the turn's own on its way out; sound and pace stay the same. */
export function eachFrame(
  animator: FaceAnimator,
  openLayer: (options: OpenFace) => FrameLayer,
): FaceAnimator {
  return {
    name: animator.name,
    fps: animator.fps,
    visemes: animator.visemes ?? false,
    open: (options) => layered(animator.open(options), openLayer(options)),
    close: () => animator.close(),
  };
}

function layered(stream: FaceStream, layer: FrameLayer): FaceStream {
  return {
    push: (pcm) => {
      layer.sound?.(pcm);
      stream.push(pcm);
    },
    end: () => {
      layer.end?.();
      stream.end();
    },
    frames: changed(stream.frames, layer),
  };
}

async function* changed(
  frames: AsyncIterable<FaceFrame>,
  layer: FrameLayer,
): AsyncGenerator<FaceFrame, void> {
  for await (const frame of frames) {
    layer.frame(frame);
    yield frame;
  }
}
