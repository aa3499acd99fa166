/** What is known of a loaded model. */
export interface ModelShape {
  /** Hz of the sound it listens to. */
  readonly sampleRate: number;
  /** Samples of the longest window it is run on: fixed by the model, or the 34,133 the large one was built around. */
  readonly windowSamples: number;
  /** Frames it gives for such a window: ceil(30 · windowSamples / sampleRate). */
  readonly windowFrames: number;
  /** Columns of a row: the 52 weights, or those of the outputs that were asked for instead, one after another. */
  readonly rowWidth: number;
  /** Whether every window has to be as long as the longest; otherwise shorter ones are taken, too. */
  readonly fixedWindow: boolean;
}

/** One window to be run. */
export interface WindowJob {
  /** `windowSamples` of mono sound (or fewer), -1..1; silence stands before the beginning of the turn. Not kept. */
  readonly samples: Float32Array;
  /** Monotonic milliseconds by which its first new frame is needed: the pool runs the most urgent window first. */
  readonly dueAt: number;
  /** Aborts when nobody needs it any more; a job that waits is dropped, one that runs is ignored. */
  readonly signal: AbortSignal;
}

/** Runs windows of sound through the model, somewhere that never blocks this process. Shared by all voices. */
export interface Inference {
  readonly shape: ModelShape;
  /** Milliseconds a window takes now, from being wanted to being there with nothing else to do (median, 95th percentile). */
  readonly windowMs: { readonly p50: number; readonly p95: number };
  /** Whether it can be used now: false while no process is alive or the breaker is open. */
  readonly ready: boolean;
  /**
   * Runs a window. The pool never holds more than two jobs of one stream: the stream waits for one before it asks again.
   *
   * @returns rows of `rowWidth` numbers, 0..1 and finite, one for each of ceil(30 · samples / sampleRate) frames; weights
   * in BLENDSHAPES order. The caller owns the array.
   * @throws InferenceError if it cannot be run (process died or hung, output not finite, breaker open); the signal's
   * reason if aborted.
   */
  run(job: WindowJob): Promise<Float32Array>;
}
