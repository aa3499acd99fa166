import { frameStart } from '../../audio/pcm.ts';
import { BLENDSHAPE_COUNT } from '../../protocol/blendshapes.ts';
import type { Clock } from '../../time/clock.ts';
import { Wakeup } from '../../time/wakeup.ts';
import type { FaceFrame, FaceStream, OpenFace } from '../animator.ts';
import type { EngineSettings } from './engine-settings.ts';
import { FINISHING_PAST_FRAMES, Finishing } from './finishing.ts';
import { FACE_FPS, FRAME_MS, wholeFrames } from './frame-grid.ts';
import { HeardSound } from './heard-sound.ts';
import type { Inference } from './inference.ts';
import { lookAgainAt } from './look-again.ts';
import { Predictions } from './seam.ts';
import { type PlanState, planWindow, type WindowPlan } from './window-plan.ts';
import { WindowRunner } from './window-runner.ts';

/** A held-back frame is handed out as it is this long (ms) before it is needed. */
const STARVING_MARGIN_MS = 15;

/** What a {@link WindowStream} works with. */
export interface WindowStreamParts {
  readonly inference: Inference;
  readonly clock: Clock;
  readonly settings: EngineSettings;
  /** Makes faces of what the model gives, where that is not the weights themselves. */
  readonly reading?: RowReading;
}

/** Makes rows of a face (face-row.ts) of a model's rows. */
export interface RowReading {
  /** Numbers of a row it makes. */
  readonly rowWidth: number;
  /** Whether they tell the visemes. */
  readonly visemes: boolean;
  /** The taker owns the array. */
  read(rows: Float32Array): Float32Array;
}

/**
 * One turn through a model that sees a window of sound at a time: windows follow the sound on one grid of frames, their
 * last frames are held back and made again with their future, and what is handed out has no seams. Works only while it
 * is read; sound that no window needs any more is dropped.
 */
export class WindowStream implements FaceStream {
  readonly frames: AsyncIterable<FaceFrame>;
  readonly #parts: WindowStreamParts;
  readonly #dueAt: (frame: number) => number;
  /** Whether anybody says when frames are needed. */
  readonly #paced: boolean;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sound: HeardSound;
  readonly #windowFrames: number;
  readonly #runner: WindowRunner;
  readonly #predictions: Predictions;
  readonly #finishing: Finishing;
  readonly #wakeup: Wakeup;
  #emitted = 0;
  /** End (exclusive) of the frames windows have made of sound that was heard; beyond are foreseen ones. */
  #heardTo = 0;

  constructor({ sampleRate, dueAt, lipsAt, signal }: OpenFace, parts: WindowStreamParts) {
    const { inference, clock, settings, reading } = parts;
    this.#parts = parts;
    this.#paced = dueAt !== undefined;
    this.#dueAt = dueAt ?? (() => Number.POSITIVE_INFINITY);
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
    this.#sound = new HeardSound(sampleRate, inference.shape.sampleRate);
    this.#windowFrames = wholeFrames(inference.shape.windowSamples, inference.shape.sampleRate);
    this.#wakeup = new Wakeup(clock, this.#signal);
    this.#runner = new WindowRunner({
      inference,
      clock,
      signal: this.#signal,
      onChange: () => this.#wakeup.wake(),
    });
    this.#predictions = new Predictions(reading?.rowWidth ?? BLENDSHAPE_COUNT);
    this.#finishing = new Finishing(settings, lipsAt);
    this.frames = this.#animate();
  }

  /** Samples of sound held, at the model's rate: bounded by a window and what nobody has read yet. */
  get heldSamples(): number {
    return this.#sound.heldSamples;
  }

  push(pcm: Int16Array): void {
    if (this.#signal.aborted) return;
    this.#sound.push(pcm);
    this.#wakeup.wake();
  }

  end(): void {
    if (this.#signal.aborted) return;
    this.#sound.end();
    this.#wakeup.wake();
  }

  async *#animate(): AsyncGenerator<FaceFrame, void> {
    try {
      while (!this.#signal.aborted) {
        this.#takeResult();
        const wakeAt = this.#keepModelBusy();
        if (this.#mayHandOut()) {
          yield this.#handOut();
          continue;
        }
        if (this.#sound.ended && this.#emitted >= this.#sound.frames) return;
        await this.#wakeup.sleep(Math.min(wakeAt, this.#starvesLookAt()));
      }
    } finally {
      this.#closing.abort(); // a reader that stops early ends the work under way, too
    }
  }

  #takeResult(): void {
    const result = this.#runner.take();
    if (result === undefined) return;
    // Playback may have taken held-back frames in the meantime.
    const from = Math.max(this.#emitted, result.firstNewFrame);
    const rows = this.#parts.reading?.read(result.rows) ?? result.rows;
    const seam = from > this.#heardTo ? 'guess' : 'window';
    this.#predictions.join(rows, result.firstFrame, from, Math.max(from, result.endFrame), seam);
    this.#heardTo = Math.max(this.#heardTo, result.heardFrame);
  }

  /** Begins the next window if it is worth it; otherwise says when to look again. */
  #keepModelBusy(): number {
    if (this.#runner.busy) return Number.POSITIVE_INFINITY;
    const { clock } = this.#parts;
    const plan = this.#plan(clock.now());
    if (plan.kind === 'wait') {
      return Number.isFinite(plan.untilMs) ? lookAgainAt(plan.untilMs, clock.now()) : plan.untilMs;
    }
    if (clock.now() < this.#runner.readyAt) return this.#runner.readyAt;
    this.#runner.start({
      read: (first, window) => this.#sound.read(first, window),
      samples: this.#samplesOf(plan.firstFrame, plan.endFrame),
      firstFrame: plan.firstFrame,
      firstNewFrame: plan.firstNewFrame,
      endFrame: plan.endFrame,
      heardFrame: plan.heardFrame,
      dueAt: plan.dueAt,
    });
    return Number.POSITIVE_INFINITY;
  }

  #samplesOf(firstFrame: number, endFrame: number): number {
    const { windowSamples, sampleRate } = this.#parts.inference.shape;
    if (endFrame - firstFrame === this.#windowFrames) return windowSamples;
    return frameStart(endFrame, sampleRate, FACE_FPS) - frameStart(firstFrame, sampleRate, FACE_FPS);
  }

  #plan(nowMs: number): WindowPlan {
    const { inference, settings } = this.#parts;
    const state: PlanState = {
      windowFrames: this.#windowFrames,
      pace: settings.pace,
      holdBackFrames: settings.holdBackFrames,
      hopFrames: Math.max(1, Math.round(settings.hopMs / FRAME_MS)),
      heard: this.#sound.frames,
      ended: this.#sound.ended,
      predicted: this.#heardTo,
      emitted: this.#emitted,
      nowMs,
      dueAt: this.#dueAt,
      windowMs: inference.windowMs,
    };
    return planWindow(state);
  }

  /** Whether the next frame will not change any more, or is needed now. */
  #mayHandOut(): boolean {
    const { holdBackFrames } = this.#parts.settings;
    const total = this.#sound.ended ? this.#sound.frames : Number.POSITIVE_INFINITY;
    if (this.#emitted >= Math.min(this.#predictions.end, total)) return false;
    const isFinal = this.#heardTo >= total || this.#emitted < this.#heardTo - holdBackFrames;
    return isFinal || (this.#mayStarve() && this.#parts.clock.now() >= this.#starvesAt());
  }

  #handOut(): FaceFrame {
    const index = this.#emitted;
    const total = this.#sound.ended ? this.#sound.frames : undefined;
    const face = this.#finishing.finish({
      predictions: this.#predictions,
      levels: this.#sound.levels,
      frame: index,
      total,
      heardTo: this.#heardTo,
    });
    this.#emitted += 1;
    const needed = this.#emitted - FINISHING_PAST_FRAMES;
    this.#predictions.dropBefore(needed);
    // The next window ends after what is predicted.
    this.#sound.dropBefore(Math.min(needed, this.#heardTo - this.#windowFrames));
    return face;
  }

  /** Whether the next frame could be played: a guess of sound that is still to come is nobody's yet. */
  #mayStarve(): boolean {
    return this.#emitted < Math.min(this.#predictions.end, this.#sound.arrived);
  }

  /** When the next frame has to be handed out, however provisional. */
  #starvesAt(): number {
    return this.#dueAt(this.#emitted) - STARVING_MARGIN_MS;
  }

  #starvesLookAt(): number {
    if (!this.#paced || !this.#mayStarve()) return Number.POSITIVE_INFINITY;
    return lookAgainAt(this.#starvesAt(), this.#parts.clock.now());
  }
}
