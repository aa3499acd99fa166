import type { Resampler } from '../resampler.ts';
import type { TellFault } from '../wire/fault.ts';
import type { Frame } from '../wire/messages.ts';
import { toFloat } from '../wire/pcm.ts';
import { FrameOrder, type OrderedFrame } from './frame-order.ts';

/** A frame with its sound as the output plays it. */
export interface Piece {
  readonly frame: Frame;
  /** -1 to 1, at the output's rate. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** The rest of a frame that is there already: what the resampler still held. */
  readonly rest: boolean;
}

/** A turn's frames on their way to the output: put in order, the lost ones made up for, at the output's rate. */
export class TurnSound {
  readonly #order: FrameOrder;
  readonly #resampler: Resampler | undefined;
  #last: Frame | undefined;

  /** @param resampler undefined where the sound comes at the output's rate. It is used by this turn alone. */
  constructor(resampler: Resampler | undefined, fault: TellFault) {
    this.#resampler = resampler;
    this.#order = new FrameOrder(fault);
  }

  /** Takes a frame; gives what can be played. */
  take(frame: Frame): Piece[] {
    return this.#order.take(frame).flatMap((ordered) => this.#pieces(ordered));
  }

  /** Nothing more comes: gives what is left. */
  end(): Piece[] {
    const pieces = this.#order.end().flatMap((ordered) => this.#pieces(ordered));
    const samples = this.#resampler?.end();
    if (this.#last !== undefined && samples !== undefined)
      pieces.push({ frame: this.#last, samples, rest: true });
    return pieces;
  }

  #pieces({ frame, missing }: OrderedFrame): Piece[] {
    const like = this.#last ?? frame;
    const usual = like.pcm.length;
    const lost = Array.from({ length: missing }, (_, count) => {
      const frameIndex = (frame.frameIndex ?? 0) - missing + count;
      return this.#piece({ ...like, frameIndex, pcm: new Int16Array(usual), filler: true });
    });
    const whole = frame.pcm.length > 0 ? frame : { ...frame, pcm: new Int16Array(usual), filler: true };
    return [...lost, this.#piece(whole)];
  }

  #piece(frame: Frame): Piece {
    this.#last = frame;
    const samples = toFloat(frame.pcm);
    return { frame, samples: this.#resampler?.push(samples) ?? samples, rest: false };
  }
}
