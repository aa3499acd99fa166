import type { Mark } from './order.ts';

/** What a child used since it was last asked. */
export interface Usage {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
  /** How late the event loop was, beyond the sampling interval. */
  readonly loopDelayP99Ms: number;
}

/** What a child can be asked, and what it answers. */
export interface Answers {
  /** Stamps of all answers since it was last asked. */
  readonly marks: readonly Mark[];
  /** Usage since it was last asked. */
  readonly usage: Usage;
  /** Resident memory after a garbage collection. */
  readonly rssBytes: number;
  /** What it holds after a garbage collection: memory, and the kinds of what keeps a process alive. */
  readonly held: {
    readonly rssBytes: number;
    /** Of V8's heap: in use, and kept reserved. */
    readonly heapBytes: number;
    readonly reservedBytes: number;
    /** Of buffers outside of it. */
    readonly buffersBytes: number;
    readonly resources: readonly string[];
  };
  /** Windows of sound the face engine has had back from its model since the start. */
  readonly windows: number;
}

/** From the bench to a child. */
export interface Question {
  readonly id: number;
  readonly about: keyof Answers;
}

/** From a child to the bench: first that it listens, then answers. */
export type Reply =
  | { readonly kind: 'ready'; readonly port: number; readonly nowMs: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers] };
