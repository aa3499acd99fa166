/** Makes faces move to sound. One per process; all state of a voice lives in its {@link FaceStream}. */
export interface FaceAnimator {
  /** What `/health` and the logs call it. */
  readonly name: string;
  /** Frames a second it makes by itself. */
  readonly fps: number;
  /** Whether its frames tell the visemes, at least as a rule. */
  readonly visemes?: boolean;
  /** Begins one turn's face. The caller owns the stream; aborting the signal ends it. */
  open(options: OpenFace): FaceStream;
  /** Frees models and child processes. Called once, after its last stream has ended. */
  close(): Promise<void>;
}

/** What a new face stream is given. */
export interface OpenFace {
  /** Hz of the sound that will be pushed. */
  readonly sampleRate: number;
  /**
   * Monotonic milliseconds by which frame `index` must be there to be used, as far as is known now: infinite while
   * nothing is being played (and always, where it is left out). What comes later is replaced by a plainer face.
   */
  readonly dueAt?: (index: number) => number;
  /** What another face of the same sound knows of the lips in a frame; undefined while it knows nothing. */
  readonly lipsAt?: (index: number) => Lips | undefined;
  /** Aborts when the turn is over or cut off; work under way is dropped. */
  readonly signal: AbortSignal;
}

/** One turn's face: sound in, frames out. */
export interface FaceStream {
  /** The next sound, in order; may be any size. Never throws. */
  push(pcm: Int16Array): void;
  /** That was all the sound. */
  end(): void;
  /**
   * The frames, in order from index 0, each once its sound (and what look-ahead it needs) is there; ends after the
   * frame that holds the last sample, of those that tile the sound (frameStart in audio/pcm.ts). May be read once.
   * Frames may come late; the reader does not wait for them. Throws InferenceError if the animator fails.
   */
  readonly frames: AsyncIterable<FaceFrame>;
}

/** The face of one frame. */
export interface FaceFrame {
  readonly index: number;
  /** 52 weights in BLENDSHAPES order, each 0..1; the reader owns the array. */
  readonly weights: Float32Array;
  /** What the lips do, where the animator knows it of the sound itself. */
  readonly lips?: Lips;
  /** 15 weights in VISEMES order, each 0..1, where the animator tells them; the reader owns the array. */
  readonly visemes?: Float32Array;
}

/** The two gestures that eyes look for first, each 0..1. */
export interface Lips {
  /** Lips on each other, as in p, b, m. */
  readonly closed: number;
  /** The lower lip at the upper teeth, as in f, v. */
  readonly bitten: number;
}
