/** What a process that infers is told: run this window, over and over. */
export interface RawOrder {
  readonly windowSamples: number;
  readonly forMs: number;
}

/** What it answers. */
export interface RawSeen {
  /** Milliseconds of each run. */
  readonly runMs: readonly number[];
  /** From the first run's beginning to the last one's end. */
  readonly tookMs: number;
}

/** From such a process: first that the model is loaded and warm, then an answer to each order. */
export type RawReply = { readonly kind: 'ready' } | { readonly kind: 'seen'; readonly seen: RawSeen };
