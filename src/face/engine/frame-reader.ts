import { InferenceError } from '../../errors.ts';
import type { FaceFrame } from '../animator.ts';

/** Frames read ahead of the one that is wanted next. */
const MOST_AHEAD = 64;

/**
 * Reads an animator's frames as they come and keeps a few by index, so that somebody can ask whether a frame is there.
 * Reads only so far ahead. Never throws.
 */
export class FrameReader {
  readonly #onChange: () => void;
  readonly #kept = new Map<number, FaceFrame>();
  /** Frames before this one are of no use any more. */
  #wanted = 0;
  #arrived = 0;
  #state: 'open' | 'done' | 'stopped' = 'open';
  #error: InferenceError | undefined;
  #readOn: (() => void) | undefined;

  /** @param onChange called when a frame has come, and when no more will. */
  constructor(frames: AsyncIterable<FaceFrame>, onChange: () => void) {
    this.#onChange = onChange;
    void this.#read(frames);
  }

  /** Frames that have come so far, late ones included. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Whether all frames have come: no frame from {@link arrived} on exists. */
  get done(): boolean {
    return this.#state === 'done' && this.#error === undefined;
  }

  /** What the animator failed with, if it has. */
  get error(): InferenceError | undefined {
    return this.#error;
  }

  /** A frame, if it is there. */
  at(index: number): FaceFrame | undefined {
    return this.#kept.get(index);
  }

  /** Frame `index` is wanted next; the one before it is kept a little longer. */
  moveTo(index: number): void {
    for (; this.#wanted < index - 1; this.#wanted += 1) this.#kept.delete(this.#wanted);
    this.#readOn?.();
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#state = 'stopped';
    this.#kept.clear();
    this.#readOn?.();
  }

  async #read(frames: AsyncIterable<FaceFrame>): Promise<void> {
    try {
      for await (const frame of frames) {
        const { index } = frame;
        if (this.#stopped) return;
        this.#arrived = index + 1;
        if (index >= this.#wanted) this.#kept.set(index, frame);
        this.#onChange();
        while (index - this.#wanted > MOST_AHEAD && !this.#stopped) {
          await new Promise<void>((resolve) => {
            this.#readOn = resolve;
          });
        }
      }
    } catch (cause) {
      this.#error =
        cause instanceof InferenceError
          ? cause
          : new InferenceError('face_failed', 'animator threw', { cause });
    }
    if (this.#stopped) return;
    this.#state = 'done';
    this.#onChange();
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }
}
