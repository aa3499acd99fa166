import type { Clock } from '../../time/clock.ts';
import { Wakeup } from '../../time/wakeup.ts';
import type { FaceAnimator, FaceFrame, FaceStream, OpenFace } from '../animator.ts';
import { FrameReader } from './frame-reader.ts';
import { Handover } from './handover.ts';
import { lookAgainAt } from './look-again.ts';

/** The plainer face is taken this long (ms) before a frame is needed. */
const GIVE_UP_MARGIN_MS = 8;

/**
 * Who made a frame, and why: `primary`; or the fallback, because the turn has just begun (`opening`), the frame was late
 * (`late`), the primary had failed (`failed`) or had no room for this turn (`declined`).
 */
export type ServedBy = 'primary' | 'opening' | 'late' | 'failed' | 'declined';

/** How to bridge. */
export interface BridgeOptions {
  readonly clock: Clock;
  /** Whether the primary has room for one more turn, asked as it opens. Left out: always. */
  readonly admits?: () => boolean;
  /**
   * Milliseconds in which the primary's first frame can be there at best (what a window takes): until it has shown any,
   * frames needed sooner are not waited for. Left out: 100.
   */
  readonly firstFrameMs?: () => number;
  /** Called for each frame handed out, for the metrics. */
  readonly onServed?: (by: ServedBy) => void;
}

/**
 * An animator that never makes anybody wait: each frame is the primary's if it is there in time, otherwise the
 * fallback's, faded into one another. Where the primary fails or declines, the rest of the turn is the fallback's. Owns
 * both and closes both.
 *
 * @throws RangeError if the two do not have the same frame rate.
 */
export function bridged(primary: FaceAnimator, fallback: FaceAnimator, options: BridgeOptions): FaceAnimator {
  if (primary.fps !== fallback.fps) throw new RangeError('bridged faces need the same frame rate');
  return {
    name: primary.name,
    fps: primary.fps,
    visemes: (primary.visemes || fallback.visemes) ?? false,
    open: (open) => new BridgedStream(primary, fallback, open, options),
    close: async () => {
      await Promise.all([primary.close(), fallback.close()]);
    },
  };
}

class BridgedStream implements FaceStream {
  readonly frames: AsyncIterable<FaceFrame>;
  readonly #options: BridgeOptions;
  readonly #signal: AbortSignal;
  readonly #dueAt: ((index: number) => number) | undefined;
  readonly #wakeup: Wakeup;
  readonly #primary: FaceStream | undefined;
  readonly #fallback: FaceStream;
  /** Once frames are read. */
  #fallbackFrames: FrameReader | undefined;
  /** Why the primary takes no part, if so. */
  #without: 'declined' | 'failed' | undefined;
  /** Ends the primary's work, with the turn or before. */
  readonly #primaryAbort = new AbortController();

  constructor(primary: FaceAnimator, fallback: FaceAnimator, open: OpenFace, options: BridgeOptions) {
    const { dueAt, signal } = open;
    this.#options = options;
    this.#signal = signal;
    this.#dueAt = dueAt && ((index) => dueAt(index) - GIVE_UP_MARGIN_MS);
    this.#wakeup = new Wakeup(options.clock, signal);
    this.#fallback = fallback.open(open);
    this.#primary = this.#openPrimary(primary, open);
    this.frames = this.#animate();
  }

  push(pcm: Int16Array): void {
    if (this.#signal.aborted) return;
    this.#primary?.push(pcm);
    this.#fallback.push(pcm);
    this.#wakeup.wake();
  }

  end(): void {
    if (this.#signal.aborted) return;
    this.#primary?.end();
    this.#fallback.end();
    this.#wakeup.wake();
  }

  #openPrimary(primary: FaceAnimator, { sampleRate, signal }: OpenFace): FaceStream | undefined {
    if (this.#options.admits?.() === false) {
      this.#without = 'declined';
      return undefined;
    }
    try {
      return primary.open({
        sampleRate,
        ...(this.#dueAt && { dueAt: this.#dueAt }),
        lipsAt: (index) => this.#fallbackFrames?.at(index)?.lips,
        signal: AbortSignal.any([signal, this.#primaryAbort.signal]),
      });
    } catch {
      this.#without = 'failed';
      return undefined;
    }
  }

  async *#animate(): AsyncGenerator<FaceFrame, void> {
    const wake = () => this.#wakeup.wake();
    const primary = this.#primary && new FrameReader(this.#primary.frames, wake);
    const fallback = new FrameReader(this.#fallback.frames, wake);
    this.#fallbackFrames = fallback;
    const handover = new Handover<FrameReader>();
    try {
      for (let index = 0; !this.#signal.aborted; ) {
        if (primary?.error !== undefined) this.#without ??= 'failed';
        const choice = this.#choose(index, primary, fallback);
        if (choice === 'end') return;
        if (typeof choice === 'number') {
          await this.#wakeup.sleep(choice);
          continue;
        }
        const { reader, by, frame } = choice;
        // What the one does not tell of the frame the other may.
        const { lips, visemes }: Partial<FaceFrame> = { ...fallback.at(index), ...frame };
        // Read on before the frame is out: whoever takes it may take his time.
        const weights = handover.next(reader, frame.weights.slice(), reader.at(index - 1)?.weights);
        primary?.moveTo(index + 1);
        fallback.moveTo(index + 1);
        this.#options.onServed?.(by);
        yield { index, weights, ...(lips && { lips }), ...(visemes && { visemes }) };
        index += 1;
      }
    } finally {
      this.#primaryAbort.abort();
      primary?.stop();
      fallback.stop();
    }
  }

  /** The next frame and who made it; or until when to wait for it; or that there is none. */
  #choose(index: number, primary: FrameReader | undefined, fallback: FrameReader) {
    const fromPrimary = primary?.at(index);
    if (primary !== undefined && fromPrimary !== undefined) {
      return { reader: primary, by: 'primary' as const, frame: fromPrimary };
    }
    if (fallback.error !== undefined && this.#without !== undefined) throw fallback.error;
    if (fallback.done && index >= fallback.arrived) return 'end';
    if (primary?.done && index >= primary.arrived) return 'end';
    const fromFallback = fallback.at(index);
    if (fromFallback === undefined) return Number.POSITIVE_INFINITY; // either will wake us
    if (this.#without !== undefined) return { reader: fallback, by: this.#without, frame: fromFallback };
    if (this.#dueAt === undefined) return Number.POSITIVE_INFINITY;
    const nowMs = this.#options.clock.now();
    const opening = primary?.arrived === 0;
    const giveUpAt = this.#dueAt(index) - (opening ? (this.#options.firstFrameMs?.() ?? 100) : 0);
    if (nowMs < giveUpAt) return lookAgainAt(giveUpAt, nowMs);
    return {
      reader: fallback,
      by: opening ? ('opening' as const) : ('late' as const),
      frame: fromFallback,
    };
  }
}
