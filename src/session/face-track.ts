import { InferenceError } from '../errors.ts';
import type { FaceAnimator, FaceFrame, FaceStream } from '../face/animator.ts';
import { atFrameRate } from '../face/frame-rate.ts';
import { restWeights } from '../protocol/blendshapes.ts';
import { silentVisemes } from '../protocol/visemes.ts';
import type { FrameFace } from './frame-kinds.ts';

/** Frames an animator may be read ahead of the one that is wanted next: what bounds its memory. */
const MAX_FRAMES_AHEAD = 180;

/** Of the way from the last face to rest, how much is gone in each frame without a face of its own. */
const RELAX_STEP = 0.35;

/** Frames over which the face fades back in after one that was missing. */
const FADE_FRAMES = 3;

/** What is shown in a frame. */
export interface ShownFace {
  /** 52, in BLENDSHAPES order. */
  readonly weights: Float32Array;
  /** 15, in VISEMES order, where the animator tells them. */
  readonly visemes: Float32Array | undefined;
}

/** How to open a {@link FaceTrack}. */
export interface FaceTrackOptions {
  /** Undefined: there is no face, and none is waited for. */
  readonly animator: FaceAnimator | undefined;
  readonly sampleRate: number;
  readonly fps: number;
  /** When a frame (at `fps`) is needed. */
  readonly dueAt: (index: number) => number;
  readonly signal: AbortSignal;
  /** Called when a frame has come that was not there before, and once when the animator has failed. */
  readonly onChange: () => void;
  /** Called once if the animator fails; the track then goes on by itself. */
  readonly onFailure: (error: InferenceError) => void;
}

/**
 * The face of one turn, by frame. Reads the animator at the turn's frame rate and never makes the sound wait: a frame
 * that is not there in time is served by a mouth that closes softly, and the animator's face fades back in.
 */
export class FaceTrack {
  /** Undefined if the animator could not even begin. */
  readonly #stream: FaceStream | undefined;
  readonly #options: FaceTrackOptions;
  readonly #arrived = new Map<number, FaceFrame>();
  readonly #rest: ShownFace;
  #next = 0;
  #last: ShownFace;
  #missedAgo = FADE_FRAMES;
  /** No more faces will come: the animator is done, or has failed. */
  #complete = false;
  #readOn: (() => void) | undefined;

  constructor(options: FaceTrackOptions) {
    const { animator, sampleRate, fps, dueAt, signal } = options;
    this.#options = options;
    this.#rest = { weights: restWeights(), visemes: animator?.visemes ? silentVisemes() : undefined };
    this.#last = this.#rest;
    if (animator === undefined) {
      this.#complete = true;
      return;
    }
    signal.addEventListener('abort', () => this.#readOn?.(), { once: true });
    try {
      this.#stream = animator.open({
        sampleRate,
        signal,
        dueAt: (index) => dueAt(neededFor(index, animator.fps, fps)),
      });
      void this.#read(atFrameRate(this.#stream.frames, animator.fps, fps));
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** The turn's sound, at the wire's rate. */
  push(pcm: Int16Array): void {
    if (!this.#complete) this.#stream?.push(pcm);
  }

  /** That was all the sound. */
  end(): void {
    if (!this.#complete) this.#stream?.end();
  }

  /** Whether waiting for frame `index` is pointless, because it is there or never will be. */
  settled(index: number): boolean {
    return this.#complete || this.#arrived.has(index);
  }

  /** Whose face was taken last. */
  get shown(): FrameFace {
    if (this.#options.animator === undefined) return 'off';
    return this.#missedAgo === 0 ? 'missing' : 'animated';
  }

  /** The face for frame `index`; indices only grow. The caller must not change the arrays. */
  take(index: number): ShownFace {
    const frame = this.#arrived.get(index);
    for (; this.#next <= index; this.#next += 1) this.#arrived.delete(this.#next);
    this.#readOn?.();
    if (frame === undefined) return this.relax();
    this.#missedAgo += 1;
    this.#last = this.#towards(frame, Math.min(1, this.#missedAgo / FADE_FRAMES));
    return this.#last;
  }

  /** The face where there is no sound: on its way to rest. */
  relax(): ShownFace {
    this.#missedAgo = 0;
    this.#last = this.#towards(this.#rest, RELAX_STEP);
    return this.#last;
  }

  #towards(face: Pick<FaceFrame, 'weights' | 'visemes'> | ShownFace, share: number): ShownFace {
    const { weights, visemes } = this.#last;
    return {
      weights: mix(weights, face.weights, share),
      // A face that tells none stands in for one that does.
      visemes: visemes && mix(visemes, face.visemes ?? silentVisemes(), face.visemes ? share : RELAX_STEP),
    };
  }

  /** Never rejects: an animator that fails is done. */
  async #read(frames: AsyncIterable<FaceFrame>): Promise<void> {
    const { signal, onChange } = this.#options;
    try {
      for await (const frame of frames) {
        const { index } = frame;
        if (signal.aborted) return;
        if (index < this.#next) continue; // too late: its sound has gone out
        this.#arrived.set(index, frame);
        onChange();
        while (index - this.#next >= MAX_FRAMES_AHEAD && !signal.aborted) {
          await new Promise<void>((resolve) => {
            this.#readOn = resolve;
          });
        }
      }
      this.#complete = true;
      onChange();
    } catch (cause) {
      if (!signal.aborted) this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    this.#complete = true;
    this.#options.onFailure(
      cause instanceof InferenceError
        ? cause
        : new InferenceError('face_failed', 'animator threw', { cause }),
    );
    this.#options.onChange();
  }
}

/** The first frame at `fps` that is mixed from frame `index` of an animator at its own rate. */
function neededFor(index: number, animatorFps: number, fps: number): number {
  return fps === animatorFps ? index : Math.max(0, Math.floor((index * fps) / animatorFps) - 1);
}

function mix(from: Float32Array, to: Float32Array, share: number): Float32Array {
  if (share >= 1) return to;
  return to.map((weight, column) => {
    const start = from[column] ?? 0;
    return start + (weight - start) * share;
  });
}
