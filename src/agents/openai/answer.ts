import { samplesToMs } from '../../audio/pcm.ts';
import { OPENAI_SAMPLE_RATE } from './session-config.ts';

/** A piece of an answer that has sound: a content part of an item of the conversation. */
interface Part {
  readonly itemId: string;
  readonly contentIndex: number;
  samples: number;
  cut: boolean;
}

/** Where the conversation's memory of a part is to end. */
export interface Cut {
  readonly itemId: string;
  readonly contentIndex: number;
  /** Whole milliseconds from the part's beginning. */
  readonly audioEndMs: number;
}

/** What is known of one response: what of it was received, whether it still comes, and what became of it. */
export class Answer {
  readonly id: string;
  /** The server has said `response.created`. */
  begun = false;
  /** The server has said `response.done`. */
  done = false;
  /** It is being stopped, by us or by the server itself. */
  stopping = false;
  /** Calls of tools whose answer has not come. */
  readonly pendingCalls = new Set<string>();
  /** It was not wanted any more when it began: nobody hears of it. */
  unwanted = false;
  /** It has called a tool. */
  hasCalls = false;
  readonly #parts: Part[] = [];
  #oddByte: number | undefined;
  #cancelled = false;

  constructor(id: string) {
    this.id = id;
  }

  /** Whether the user has heard enough of it: nothing of it is said or done any more. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Keeps count of the sound received. */
  addSamples(itemId: string, contentIndex: number, samples: number): void {
    let part = this.#parts.find((known) => known.itemId === itemId && known.contentIndex === contentIndex);
    if (part === undefined) {
      part = { itemId, contentIndex, samples: 0, cut: false };
      this.#parts.push(part);
    }
    part.samples += samples;
  }

  /**
   * Joins bytes that were cut in the middle of a sample: the odd one is kept for the next piece. Returns the samples,
   * and whether a byte was left over.
   */
  toSamples(bytes: Buffer): { readonly pcm: Int16Array; readonly odd: boolean } {
    const whole = this.#oddByte === undefined ? bytes : Buffer.concat([Buffer.of(this.#oddByte), bytes]);
    const even = whole.length - (whole.length % 2);
    this.#oddByte = even === whole.length ? undefined : whole[even];
    // Copied: Node's small buffers are slices of one pool, at any offset.
    const pcm = new Int16Array(new Uint8Array(whole.subarray(0, even)).buffer);
    return { pcm, odd: this.#oddByte !== undefined };
  }

  /**
   * The user has heard `heardMs` of all its sound and will hear no more: where to cut the memory of it. Parts that are
   * complete and were heard to their end stay as they are. Asked again, gives only what has come since: not heard.
   */
  cut(heardMs: number): Cut[] {
    this.#cancelled = true;
    let leftMs = Number.isFinite(heardMs) ? Math.max(0, heardMs) : 0;
    const cuts: Cut[] = [];
    for (const part of this.#parts) {
      const lengthMs = samplesToMs(part.samples, OPENAI_SAMPLE_RATE);
      const more = !this.done && part === this.#parts.at(-1);
      if (!part.cut && (leftMs < lengthMs || more)) {
        part.cut = true;
        const { itemId, contentIndex } = part;
        cuts.push({ itemId, contentIndex, audioEndMs: Math.floor(Math.min(leftMs, lengthMs)) });
      }
      leftMs = Math.max(0, leftMs - lengthMs);
    }
    return cuts;
  }
}
