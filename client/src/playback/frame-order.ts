import type { TellFault } from '../wire/fault.ts';
import type { Frame } from '../wire/messages.ts';

/** A frame that is missing is given up when so many after it have come. */
const GIVE_UP_AFTER = 3;

/** A longer gap (frames) is no loss but another way of counting: nothing stands in for it. */
const LONGEST_GAP = 30;

/** A frame in its place, and how many before it never came. */
export interface OrderedFrame {
  readonly frame: Frame;
  readonly missing: number;
}

/** Puts the frames of one turn in order: each place once, whatever order they come in. */
export class FrameOrder {
  readonly #fault: TellFault;
  readonly #held = new Map<number, Frame>();
  #next = 0;
  #begun = false;

  constructor(fault: TellFault) {
    this.#fault = fault;
  }

  /** Takes a frame; gives those whose turn it is. */
  take(frame: Frame): OrderedFrame[] {
    const index = frame.frameIndex ?? this.#next;
    if (index < this.#next || this.#held.has(index)) {
      this.#fault('frame_twice', `frame ${index} of ${frame.turnId}`);
      return [];
    }
    this.#held.set(index, frame);
    const ready = this.#inPlace();
    return this.#held.size < GIVE_UP_AFTER ? ready : [...ready, ...this.#skip()];
  }

  /** Nothing more comes: gives what is held. */
  end(): OrderedFrame[] {
    const rest: OrderedFrame[] = [];
    while (this.#held.size > 0) rest.push(...this.#skip());
    return rest;
  }

  /** Goes on at the next frame there is. */
  #skip(): OrderedFrame[] {
    const first = Math.min(...this.#held.keys());
    const gap = first - this.#next;
    // A server may begin its count elsewhere than at 0.
    const missing = this.#begun && gap <= LONGEST_GAP ? gap : 0;
    if (this.#begun) this.#fault('frame_missing', `${gap} before frame ${first}`);
    this.#next = first;
    const [frame, ...others] = this.#inPlace();
    return frame === undefined ? [] : [{ ...frame, missing }, ...others];
  }

  #inPlace(): OrderedFrame[] {
    const ready: OrderedFrame[] = [];
    for (let frame = this.#held.get(this.#next); frame !== undefined; frame = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next += 1;
      this.#begun = true;
      ready.push({ frame, missing: 0 });
    }
    return ready;
  }
}
