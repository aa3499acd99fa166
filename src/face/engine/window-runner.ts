import { InferenceError } from '../../errors.ts';
import type { Clock } from '../../time/clock.ts';
import type { Inference } from './inference.ts';
import { framesFor } from './model-contract.ts';

/** How long (ms) a turn waits after a window that failed before it asks again; after the last it gives up. */
const RETRY_AFTER_MS = [0, 250, 500, 1000] as const;

/** Weights that have come back. */
export interface WindowResult {
  /** Row by row, as the model gave them; the taker owns the array. */
  readonly rows: Float32Array;
  /** The frame of row 0. */
  readonly firstFrame: number;
  /** First frame wanted from them, and the frame they end before. */
  readonly firstNewFrame: number;
  readonly endFrame: number;
  /** The frame it ends to be of sound that was heard before. */
  readonly heardFrame: number;
}

/** Which window to run. */
export interface WindowRequest {
  /** Puts the sound of the window that begins with this frame into the array. */
  readonly read: (firstFrame: number, window: Float32Array) => void;
  /** Samples the window has; as many as fit the model at most. */
  readonly samples: number;
  readonly firstFrame: number;
  readonly firstNewFrame: number;
  readonly endFrame: number;
  readonly heardFrame: number;
  readonly dueAt: number;
}

/**
 * Runs one turn's windows, never more than one at a time, and keeps the result until it is taken. A window that fails is
 * forgotten: the turn asks for a newer one a little later, and gives up at the fifth in a row.
 */
export class WindowRunner {
  readonly #inference: Inference;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  /** Given to the model again and again: it keeps nothing. */
  readonly #window: Float32Array;
  #busy = false;
  #result: WindowResult | undefined;
  #failures = 0;
  #failed: InferenceError | undefined;
  #retryAt = Number.NEGATIVE_INFINITY;

  /** @param onChange called when a window has come back or failed. */
  constructor(options: {
    readonly inference: Inference;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onChange: () => void;
  }) {
    this.#inference = options.inference;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#onChange = options.onChange;
    this.#window = new Float32Array(options.inference.shape.windowSamples);
  }

  /** Whether a window is under way or its result not taken yet. */
  get busy(): boolean {
    return this.#busy || this.#result !== undefined;
  }

  /** The earliest time for the next window. */
  get readyAt(): number {
    return this.#retryAt;
  }

  /** The result that has come, once. @throws InferenceError if too many windows have failed in a row. */
  take(): WindowResult | undefined {
    if (this.#failed !== undefined) throw this.#failed;
    const result = this.#result;
    this.#result = undefined;
    return result;
  }

  /** Begins a window; only while not {@link busy}. */
  start({ read, samples, dueAt, ...frames }: WindowRequest): void {
    this.#busy = true;
    const window = this.#window.subarray(0, samples);
    read(frames.firstFrame, window);
    this.#inference.run({ samples: window, dueAt, signal: this.#signal }).then(
      (rows) => this.#came({ rows, ...frames }, samples),
      (cause: unknown) => this.#fail(cause),
    );
  }

  #came(result: WindowResult, samples: number): void {
    const { rowWidth, sampleRate } = this.#inference.shape;
    const wanted = framesFor(samples, sampleRate) * rowWidth;
    if (result.rows.length !== wanted || !result.rows.every(Number.isFinite)) {
      this.#fail(new InferenceError('face_failed', 'the model gave no usable weights'));
      return;
    }
    this.#busy = false;
    this.#failures = 0;
    this.#result = result;
    this.#onChange();
  }

  #fail(cause: unknown): void {
    this.#busy = false;
    if (this.#signal.aborted) return;
    const retryAfterMs = RETRY_AFTER_MS[this.#failures];
    this.#failures += 1;
    if (retryAfterMs !== undefined) this.#retryAt = this.#clock.now() + retryAfterMs;
    else if (cause instanceof InferenceError) this.#failed = cause;
    else this.#failed = new InferenceError('face_failed', 'a window could not be run', { cause });
    this.#onChange();
  }
}
